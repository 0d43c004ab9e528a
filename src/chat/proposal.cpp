#include "chat/proposal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "support/word_list.hpp"

namespace changeling::chat {
namespace {

[[noreturn]] void refuse(std::string_view what, std::string_view problem) {
  throw Error(ErrorKind::Invalid, fmt::format("{} {}", what, problem));
}

std::string checked_text(std::string_view what, const Json& json) {
  if (!json.is_string()) refuse(what, "is no text");
  auto text = json.get<std::string>();
  if (text.size() > longest_field) refuse(what, fmt::format("is longer than {} bytes", longest_field));
  if (text.find('\0') != std::string::npos) refuse(what, "has a zero byte in it");
  return text;
}

std::vector<std::string> checked_list(std::string_view what, const Json& json) {
  if (!json.is_array()) refuse(what, "is no list");
  if (json.size() > most_elements) refuse(what, fmt::format("has more than {} elements", most_elements));
  std::vector<std::string> texts;
  for (const Json& element : json) texts.push_back(checked_text(what, element));
  return texts;
}

std::map<std::string, std::string> checked_map(std::string_view what, const Json& json) {
  if (!json.is_object()) refuse(what, "is no object");
  if (json.size() > most_elements) refuse(what, fmt::format("has more than {} elements", most_elements));
  std::map<std::string, std::string> texts;
  for (const auto& entry : json.items())
    texts[checked_text(what, entry.key())] = checked_text(what, entry.value());
  return texts;
}

FieldValue value_of(const ProposalField& field, const Json& json) {
  switch (field.kind) {
    case FieldKind::Boolean:
      if (!json.is_boolean()) refuse(field.key, "is neither true nor false");
      return json.get<bool>();
    case FieldKind::Integer:
      if (!json.is_number_integer()) refuse(field.key, "is no whole number");
      return json.get<std::int64_t>();
    case FieldKind::Money:
      if (!json.is_number()) refuse(field.key, "is no number");
      return json.get<double>();
    case FieldKind::TextList:
      return checked_list(field.key, json);
    case FieldKind::TextMap:
      return checked_map(field.key, json);
    case FieldKind::Choice:
    case FieldKind::Text:
    case FieldKind::TimeSpan:
      break;
  }
  std::string text = checked_text(field.key, json);
  const auto& choices = field.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), text) == choices.end())
    throw not_allowed(ErrorKind::Invalid, field.key, text, choices);
  return text;
}

std::map<std::string, FieldValue> fields_of(const ProposalKindRow& row, const Json& json) {
  if (!json.is_object()) refuse("fields", "is no object");
  const std::vector<ProposalField> known = row.fields();
  std::map<std::string, FieldValue> fields;
  for (const auto& entry : json.items()) {
    const auto field = std::find_if(known.begin(), known.end(),
                                    [&](const ProposalField& one) { return one.key == entry.key(); });
    if (field == known.end()) {
      std::vector<std::string> keys;
      for (const ProposalField& one : known) keys.push_back(one.key);
      const auto near = nearest(entry.key(), keys);
      throw Error(ErrorKind::Invalid,
                  fmt::format("a proposed {} has no field {}", row.word, shortened(entry.key())),
                  near ? fmt::format("did you mean {}?", *near) : "");
    }
    if (!entry.value().is_null()) fields[field->key] = value_of(*field, entry.value());
  }
  return fields;
}

const ProposalKindRow& row_of(const Json& json) {
  const auto kind = json.find("kind");
  if (kind == json.end() || !kind->is_string()) refuse("a proposal", "has no kind");
  const auto word = kind->get<std::string>();
  if (const ProposalKindRow* row = find_word(proposal_kinds(), word)) return *row;
  throw not_allowed(ErrorKind::Invalid, "kind", word, words_of(proposal_kinds()));
}

/// Empty for a kind without one.
std::string name_of(const ProposalKindRow& row, const Json& json) {
  const auto given = json.find("name");
  const bool has_name = given != json.end() && !given->is_null();
  if (!row.is_named) {
    if (has_name && *given != Json("")) refuse(fmt::format("a proposed {}", row.word), "has no name");
    return "";
  }
  if (!has_name) refuse(fmt::format("a proposed {}", row.word), "needs a name");
  return checked_text("name", *given);
}

}  // namespace

Json to_json(const Proposal& proposal) {
  Json fields = Json::object();
  for (const auto& [key, value] : proposal.fields)
    std::visit([&, &key = key](const auto& plain) { fields[key] = plain; }, value);
  return {{"kind", to_string(proposal.kind)},
          {"name", proposal.name.empty() ? Json(nullptr) : Json(proposal.name)},
          {"fields", std::move(fields)}};
}

Proposal proposal_from_json(const Json& json) {
  if (!json.is_object()) refuse("a proposal", "is no object");
  for (const auto& entry : json.items()) {
    if (entry.key() != "kind" && entry.key() != "name" && entry.key() != "fields")
      refuse("a proposal", fmt::format("has no {}", shortened(entry.key())));
  }
  const ProposalKindRow& row = row_of(json);
  Proposal proposal{row.kind, name_of(row, json), {}};
  const auto fields = json.find("fields");
  if (fields == json.end()) refuse("a proposal", "has no fields");
  proposal.fields = fields_of(row, *fields);
  if (to_json(proposal).dump(-1, ' ', false, Json::error_handler_t::replace).size() > longest_proposal)
    refuse("a proposal", fmt::format("is longer than {} bytes", longest_proposal));
  return proposal;
}

}  // namespace changeling::chat
