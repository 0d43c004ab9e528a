#include "changeling/toml_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "changeling/toml_layer.hpp"
#include "support/error.hpp"

namespace changeling {
namespace {

RoleDefinition read_role(const std::string& name, const TomlNode& node, const std::string& path) {
  RoleDefinition role;
  role.name = name;
  for (const TomlEntry& entry : expect_table(node, path)) {
    const std::string key_path = path_of(path, entry.key);
    role.locations[entry.key] = entry.node.location;
    if (entry.key == "agent") {
      role.agent = expect_text(entry.node, key_path);
    } else if (entry.key == "prompt") {
      role.prompt = expect_text(entry.node, key_path);
    } else if (entry.key == "run") {
      role.command = expect_text(entry.node, key_path);
    } else if (entry.key == "interactive") {
      role.interactive = expect_boolean(entry.node, key_path);
    } else if (entry.key == "accept") {
      role.accept = expect_text_list(entry.node, key_path);
    } else {
      refuse_unknown_key(entry, path, {"agent", "prompt", "run", "interactive", "accept"});
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

}  // namespace changeling
