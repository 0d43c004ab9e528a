#include "changeling/toml_layer.hpp"

#include <algorithm>
#include <array>

namespace changeling {
namespace {

/// Words that people type for a field which is called otherwise, too far apart for the nearest-word rule.
std::string hint_for_field(std::string_view key) {
  struct Synonym {
    std::string_view word, key;
  };
  static constexpr std::array<Synonym, 24> synonyms = {{
      {"agent_type", "agent"},
      {"arguments", "args"},
      {"base", "branch"},
      {"base_branch", "branch"},
      {"budget_usd", "budget"},
      {"command", "run"},
      {"cost", "budget"},
      {"cron", "schedule"},
      {"disabled", "enabled"},
      {"environment", "env"},
      {"events", "on"},
      {"globs", "path"},
      {"idle_timeout", "silence_timeout"},
      {"instructions", "prompt"},
      {"kind", "output"},
      {"max_budget", "budget"},
      {"max_prs", "max_open_prs"},
      {"time_zone", "timezone"},
      {"tests", "verify"},
      {"triggers", "on"},
      {"turns", "max_turns"},
      {"tz", "timezone"},
      {"scope", "path"},
      {"max_open_pull_requests", "max_open_prs"},
  }};
  std::string word(key);
  std::replace(word.begin(), word.end(), '-', '_');
  // "label" for "labels" and "paths" for "path": too short for the nearest-word rule at times.
  for (const std::string& candidate : {word, word + "s", word.substr(0, word.size() - word.ends_with('s'))}) {
    if (find_field(candidate) != nullptr) return fmt::format("did you mean \"{}\"?", candidate);
  }
  for (const Synonym& synonym : synonyms) {
    if (synonym.word == word) return fmt::format("did you mean \"{}\"?", synonym.key);
  }
  return "";
}

std::vector<std::string> field_keys() {
  std::vector<std::string> keys;
  for (const FieldSpec& field : definition_fields()) keys.emplace_back(field.key);
  return keys;
}

}  // namespace

/// `network = "none"` reads better than a list of one word.
bool accepts_single_words(std::string_view path) {
  return path == "network" || path.ends_with(".network");
}

FieldValue read_value(FieldKind kind, const TomlNode& node, const std::string& path) {
  const auto wrong_type = [&](std::string_view wanted) {
    refuse_at(node.location, path, fmt::format("must be {}, not {}", wanted, describe_type(node)));
  };
  switch (kind) {
    case FieldKind::Text:
    case FieldKind::Choice:
      return expect_text(node, path);
    case FieldKind::TimeSpan:
      if (!std::holds_alternative<std::string>(node.value))
        wrong_type("a duration such as \"15m\" or \"1h30m\"");
      return std::get<std::string>(node.value);
    case FieldKind::Boolean:
      return expect_boolean(node, path);
    case FieldKind::Integer:
      if (!std::holds_alternative<std::int64_t>(node.value)) wrong_type("a whole number");
      return std::get<std::int64_t>(node.value);
    case FieldKind::Money:
      if (const auto* whole = std::get_if<std::int64_t>(&node.value)) return static_cast<double>(*whole);
      if (!std::holds_alternative<double>(node.value)) wrong_type("an amount of US dollars such as 2.50");
      return std::get<double>(node.value);
    case FieldKind::TextList:
      if (accepts_single_words(path) && std::holds_alternative<std::string>(node.value))
        return std::vector<std::string>{expect_text(node, path)};
      return expect_text_list(node, path);
    case FieldKind::TextMap:
      break;
  }
  return expect_text_map(node, path);
}

std::string path_of(std::string_view path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

Layer read_layer(const TomlNode& node, const std::string& path, const std::string& origin) {
  Layer layer;
  layer.origin = origin;
  layer.location = node.location;
  const std::string prefix = path.empty() ? "" : path + ".";
  for (const TomlEntry& entry : expect_table(node, path)) {
    const FieldSpec* const field = find_field(entry.key);
    if (field == nullptr) refuse_unknown_key(entry, path, field_keys(), hint_for_field(entry.key));
    FieldValue value = read_value(field->kind, entry.node, prefix + entry.key);
    // check_field's message starts with the key; the path goes in front of it.
    check_at(entry.node.location, prefix, [&] { check_field(*field, value); });
    layer.values[entry.key] = std::move(value);
    layer.locations[entry.key] = entry.node.location;
  }
  return layer;
}

}  // namespace changeling
