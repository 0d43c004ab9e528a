#include "changeling/toml_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "changeling/record_fields.hpp"
#include "changeling/toml_layer.hpp"
#include "support/error.hpp"
#include "support/word_list.hpp"

namespace changeling {
namespace {

template <typename Record>
void check_value(const RecordField<Record>& field, const FieldValue& value) {
  if (!field.choices.empty()) {
    const auto& word = std::get<std::string>(value);
    const std::vector<std::string> choices(field.choices.begin(), field.choices.end());
    if (std::find(choices.begin(), choices.end(), word) == choices.end())
      throw not_allowed(ErrorKind::Invalid, "", word, choices);
  }
  if (field.check != nullptr) field.check(value);
}

/// Sets what the section says; the rest of the record stays.
template <typename Record>
void read_record(std::span<const RecordField<Record>> fields, const TomlNode& node, const std::string& path,
                 Record& record) {
  for (const TomlEntry& entry : expect_table(node, path)) {
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const RecordField<Record>& one) { return one.key == entry.key; });
    if (field == fields.end()) {
      std::vector<std::string> allowed;
      for (const RecordField<Record>& one : fields) allowed.emplace_back(one.key);
      refuse_unknown_key(entry, path, allowed);
    }
    const std::string key_path = path_of(path, entry.key);
    const FieldValue value = read_value(field->kind, entry.node, key_path);
    check_at(entry.node.location, key_path + ": ", [&] { check_value(*field, value); });
    field->apply(value, record);
  }
}

RoleDefinition read_role(const std::string& name, const TomlNode& node, const std::string& path) {
  RoleDefinition role;
  role.name = name;
  read_record(role_fields(), node, path, role);
  for (const TomlEntry& entry : expect_table(node, path)) role.locations[entry.key] = entry.node.location;
  return role;
}

AgentType read_agent(const std::string& name, const TomlNode& node, const std::string& path) {
  // What a section leaves out stays as it is built in under that name.
  const auto builtin = builtin_agent_types().find(name);
  const bool known = builtin != builtin_agent_types().end();
  AgentType agent = known ? builtin->second : AgentType();
  agent.name = name;
  read_record(agent_fields(), node, path, agent);
  if (agent.input == AgentInput::Lines && launcher_of(agent).messages == Messages::Always) {
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

}  // namespace

ChangelingsFile parse_changelings_file(std::string_view text, const std::string& file_name) {
  ChangelingsFile file;
  const TomlNode root = parse_toml(text, file_name);
  for (const TomlEntry& section : expect_table(root, "")) {
    if (section.key == "changelings") {
      read_named_tables(section.node, section.key,
                        [&](const auto& name, const TomlNode& node, const auto& path) {
                          file.changelings[name] = read_layer(node, path, file_name);
                        });
    } else if (section.key == "templates") {
      read_named_tables(section.node, section.key,
                        [&](const auto& name, const TomlNode& node, const auto& path) {
                          file.templates.push_back(read_template(name, node, path));
                        });
    } else if (section.key == "roles") {
      read_named_tables(section.node, section.key,
                        [&](const auto& name, const TomlNode& node, const auto& path) {
                          file.roles[name] = read_role(name, node, path);
                        });
    } else if (section.key == "agents") {
      read_named_tables(section.node, section.key,
                        [&](const auto& name, const TomlNode& node, const auto& path) {
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
  RoleDefinition role = read_role(name, parse_toml(text, file_name), "");
  role.locations.clear();  // Nobody opens that file.
  return role;
}

Subagent parse_subagent(std::string_view text, const std::string& file_name, const std::string& name) {
  Subagent subagent;
  subagent.name = name;
  const TomlNode node = parse_toml(text, file_name);
  read_record(subagent_fields(), node, "", subagent);
  check_at(node.location, "", [&] { check_subagent(subagent); });
  return subagent;
}

}  // namespace changeling
