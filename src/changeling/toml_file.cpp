#include "changeling/toml_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "changeling/toml_document.hpp"
#include "support/error.hpp"

namespace changeling {
namespace {

std::string path_of(std::string_view path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

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

/// The value in the kind of the field, or a refusal that says which kind that is.
FieldValue read_value(const FieldSpec& field, const TomlNode& node, const std::string& path) {
  const auto wrong_type = [&](std::string_view wanted) {
    refuse_at(node.location, path, fmt::format("must be {}, not {}", wanted, describe_type(node)));
  };
  switch (field.kind) {
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
      return expect_text_list(node, path);
    case FieldKind::TextMap:
      break;
  }
  return expect_text_map(node, path);
}

/// Runs a check whose error knows neither the file nor the place, and adds them.
template <typename Check>
void check_at(const SourceLocation& location, const std::string& path, const Check& check) {
  try {
    check();
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: {}{}", location.describe(), path, error.what()), error.hint());
  }
}

Layer read_layer(const TomlNode& node, const std::string& path, const std::string& origin) {
  Layer layer;
  layer.origin = origin;
  layer.location = node.location;
  const std::string prefix = path.empty() ? "" : path + ".";
  for (const TomlEntry& entry : expect_table(node, path)) {
    const FieldSpec* const field = find_field(entry.key);
    if (field == nullptr) refuse_unknown_key(entry, path, field_keys(), hint_for_field(entry.key));
    FieldValue value = read_value(*field, entry.node, prefix + entry.key);
    // check_field's message starts with the key; the path goes in front of it.
    check_at(entry.node.location, prefix, [&] { check_field(*field, value); });
    layer.values[entry.key] = std::move(value);
    layer.locations[entry.key] = entry.node.location;
  }
  return layer;
}

RoleDefinition read_role(const std::string& name, const TomlNode& node, const std::string& path) {
  RoleDefinition role;
  role.name = name;
  for (const TomlEntry& entry : expect_table(node, path)) {
    const std::string key_path = path_of(path, entry.key);
    if (entry.key == "agent") {
      role.agent = expect_text(entry.node, key_path);
    } else if (entry.key == "prompt") {
      role.prompt = expect_text(entry.node, key_path);
    } else if (entry.key == "interactive") {
      role.interactive = expect_boolean(entry.node, key_path);
    } else {
      refuse_unknown_key(entry, path, {"agent", "prompt", "interactive"});
    }
  }
  return role;
}

LauncherKind read_launcher(const TomlNode& node, const std::string& path) {
  const std::string& word = expect_text(node, path);
  for (const LauncherKind kind : {LauncherKind::Command, LauncherKind::Claude, LauncherKind::Mngr}) {
    if (to_string(kind) == word) return kind;
  }
  refuse_at(node.location, path,
            fmt::format("\"{}\" is not allowed; allowed are command, claude, mngr", word));
}

AgentInput read_input(const TomlNode& node, const std::string& path) {
  const std::string& word = expect_text(node, path);
  for (const AgentInput input : {AgentInput::Prompt, AgentInput::Lines}) {
    if (to_string(input) == word) return input;
  }
  refuse_at(node.location, path, fmt::format("\"{}\" is not allowed; allowed are prompt, lines", word));
}

AgentType read_agent(const std::string& name, const TomlNode& node, const std::string& path) {
  // What a section leaves out stays as it is built in under that name.
  const auto builtin = builtin_agent_types().find(name);
  const bool known = builtin != builtin_agent_types().end();
  AgentType agent = known ? builtin->second : AgentType();
  agent.name = name;
  for (const TomlEntry& entry : expect_table(node, path)) {
    const std::string key_path = path_of(path, entry.key);
    if (entry.key == "command") {
      agent.command = expect_text_list(entry.node, key_path);
      if (agent.command.empty() || agent.command.front().empty()) {
        refuse_at(entry.node.location, key_path, "is empty; the first element is the program");
      }
    } else if (entry.key == "launcher") {
      agent.launcher = read_launcher(entry.node, key_path);
    } else if (entry.key == "input") {
      agent.input = read_input(entry.node, key_path);
    } else if (entry.key == "env") {
      agent.environment = expect_text_map(entry.node, key_path);
      check_at(entry.node.location, path + ".", [&] { check_field(*find_field("env"), agent.environment); });
    } else if (entry.key == "pass_env") {
      agent.pass_environment = expect_text_list(entry.node, key_path);
      try {
        check_field(*find_field("secrets"), agent.pass_environment);
      } catch (const Error& error) {
        const std::string message = error.what();
        refuse_at(entry.node.location, key_path, message.substr(message.find(' ') + 1), error.hint());
      }
    } else if (entry.key == "description") {
      agent.description = expect_text(entry.node, key_path);
    } else {
      refuse_unknown_key(entry, path, {"command", "launcher", "input", "env", "pass_env", "description"});
    }
  }
  if (agent.input == AgentInput::Lines && agent.launcher != LauncherKind::Command) {
    refuse_at(node.location, path_of(path, "input"),
              fmt::format("is for the launcher \"command\"; with \"{}\" an agent takes messages anyway",
                          to_string(agent.launcher)));
  }
  if (agent.command.empty() && !known) {
    refuse_at(node.location, path_of(path, "command"),
              "is missing; a new agent type needs its program and arguments",
              "for example command = [\"codex\", \"exec\", \"--json\", \"{prompt}\"]");
  }
  return agent;
}

Template read_template(const std::string& name, const TomlNode& node, const std::string& path) {
  Template result;
  result.name = name;
  result.layer = read_layer(node, path, fmt::format("template {} in {}", name, node.location.file));
  if (const auto nested = result.layer.locations.find("template"); nested != result.layer.locations.end()) {
    refuse_at(nested->second, path_of(path, "template"), "a template cannot be made from another template");
  }
  result.text = write_definition(result.layer);
  return result;
}

/// Calls `read` for every named table inside one of the top-level tables.
template <typename Read>
void read_section(const TomlEntry& section, const Read& read) {
  for (const TomlEntry& entry : expect_table(section.node, section.key)) {
    check_at(entry.key_location, section.key + ": ", [&] { check_changeling_name(entry.key); });
    read(entry.key, entry.node, path_of(section.key, entry.key));
  }
}

}  // namespace

ChangelingsFile parse_changelings_file(std::string_view text, const std::string& file_name) {
  ChangelingsFile file;
  const TomlNode root = parse_toml(text, file_name);
  for (const TomlEntry& section : expect_table(root, "")) {
    if (section.key == "changelings") {
      read_section(section, [&](const auto& name, const TomlNode& node, const auto& path) {
        file.changelings[name] = read_layer(node, path, file_name);
      });
    } else if (section.key == "templates") {
      read_section(section, [&](const auto& name, const TomlNode& node, const auto& path) {
        file.templates.push_back(read_template(name, node, path));
      });
    } else if (section.key == "roles") {
      read_section(section, [&](const auto& name, const TomlNode& node, const auto& path) {
        file.roles[name] = read_role(name, node, path);
      });
    } else if (section.key == "agents") {
      read_section(section, [&](const auto& name, const TomlNode& node, const auto& path) {
        file.agents[name] = read_agent(name, node, path);
      });
    } else {
      refuse_unknown_key(
          section, "", {"changelings", "templates", "roles", "agents"},
          find_field(section.key) == nullptr ? "" : "fields belong into a table such as [changelings.NAME]");
    }
  }
  std::sort(file.templates.begin(), file.templates.end(),
            [](const Template& one, const Template& other) { return one.name < other.name; });
  return file;
}

Layer parse_definition(std::string_view text, const std::string& file_name, const std::string& origin) {
  return read_layer(parse_toml(text, file_name), "", origin);
}

RoleDefinition parse_role(std::string_view text, const std::string& file_name, const std::string& name) {
  return read_role(name, parse_toml(text, file_name), "");
}

}  // namespace changeling
