#include "chat/agent_answer.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::chat {
namespace {

/// More is not even parsed.
constexpr std::size_t longest_json = std::size_t{512} * 1024;

Json text_schema() {
  return {{"type", "string"}, {"maxLength", longest_field}};
}

Json schema_of(const ProposalField& field) {
  Json schema = text_schema();
  switch (field.kind) {
    case FieldKind::Boolean:
      schema = {{"type", "boolean"}};
      break;
    case FieldKind::Integer:
      schema = {{"type", "integer"}};
      break;
    case FieldKind::Money:
      schema = {{"type", "number"}};
      break;
    case FieldKind::TextList:
      schema = {{"type", "array"}, {"items", text_schema()}, {"maxItems", most_elements}};
      break;
    case FieldKind::TextMap:
      schema = {{"type", "object"}, {"additionalProperties", text_schema()}};
      break;
    case FieldKind::Choice:
    case FieldKind::Text:
    case FieldKind::TimeSpan:
      break;
  }
  if (!field.choices.empty()) schema["enum"] = field.choices;
  if (!field.help.empty()) schema["description"] = field.help;
  return schema;
}

Json schema_of(const ProposalKindRow& row) {
  Json fields = Json::object();
  for (const ProposalField& field : row.fields()) fields[field.key] = schema_of(field);
  Json properties{
      {"kind", {{"const", row.word}}},
      {"fields", {{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(fields)}}}};
  Json required{"kind", "fields"};
  if (row.is_named) {
    properties["name"] = {{"type", "string"}, {"maxLength", 64}};
    required.push_back("name");
  }
  return {{"type", "object"},
          {"description", row.sentence},
          {"additionalProperties", false},
          {"required", std::move(required)},
          {"properties", std::move(properties)}};
}

[[noreturn]] void refuse(const std::string& problem, const std::string& hint = "") {
  throw Error(ErrorKind::External, "the agent's answer cannot be used: " + problem, hint);
}

Json parsed(std::string_view text) {
  if (trim(text).empty()) refuse("there is none");
  if (text.size() > longest_json) refuse(fmt::format("it has {} bytes", text.size()));
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) refuse("it is not JSON");
  if (!json.is_object()) refuse("it is no JSON object");
  return json;
}

}  // namespace

Json answer_schema() {
  Json kinds = Json::array();
  for (const ProposalKindRow& row : proposal_kinds()) kinds.push_back(schema_of(row));
  return {{"type", "object"},
          {"additionalProperties", false},
          {"required", {"text"}},
          {"properties",
           {{"text",
             {{"type", "string"},
              {"description", "What you say to the user, as plain text"},
              {"maxLength", longest_answer}}},
            {"proposal", {{"anyOf", std::move(kinds)}}}}}};
}

AgentAnswer read_answer(std::string_view json_text) {
  const Json json = parsed(trim(json_text));
  for (const auto& entry : json.items()) {
    if (entry.key() != "text" && entry.key() != "proposal")
      refuse("it has no field " + shortened(entry.key()));
  }
  const auto text = json.find("text");
  if (text == json.end() || !text->is_string()) refuse("it has no text");
  AgentAnswer answer{text->get<std::string>(), std::nullopt};
  if (answer.text.size() > longest_answer)
    refuse(fmt::format("its text has {} bytes; {} are allowed", answer.text.size(), longest_answer));
  const auto proposal = json.find("proposal");
  if (proposal != json.end() && !proposal->is_null()) {
    try {
      answer.proposal = proposal_from_json(*proposal);
    } catch (const Error& error) {
      refuse(error.what(), error.hint());
    }
  }
  if (trim(answer.text).empty() && !answer.proposal) refuse("it says nothing");
  return answer;
}

}  // namespace changeling::chat
