#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "changeling/agent_type.hpp"
#include "changeling/equipment.hpp"
#include "changeling/fields.hpp"
#include "changeling/templates.hpp"

namespace changeling {

/// A role as `.changelings.toml` and the state ref know it.
struct RoleDefinition {
  std::string name;
  std::string agent;
  std::string prompt;
  bool interactive = false;
  std::string command = {};  ///< Command line of the agent "command", key `run`; it may do without a prompt.
  std::vector<std::string> accept = {};  ///< Criteria that every task of the role has, as tasks write them.
  std::vector<std::string> agents = {};  ///< Names of sub-agents.
  std::vector<std::string> skills = {};  ///< Names of skills.
  Equipment equipment = {};              ///< What they stand for, see Definition::equipment.
  std::map<std::string, SourceLocation> locations = {};  ///< Of the keys in a file; a mistake names them.
};

/// What `.changelings.toml` holds: see interface "Command line, files and exit codes" in
/// docs/configuration.md.
struct ChangelingsFile {
  std::map<std::string, Layer> changelings;
  std::vector<Template> templates;  ///< The repository's own, sorted by name.
  std::map<std::string, RoleDefinition> roles;
  std::map<std::string, AgentType> agents;
};

/// Reads a whole `.changelings.toml`. Throws Error(Invalid) for the first mistake: file, line, column, key,
/// what is allowed, and the nearest right word as the hint. Nothing of a file with a mistake is used.
ChangelingsFile parse_changelings_file(std::string_view text, const std::string& file_name);

/// Reads one definition as it is kept on the state ref or as a template: the fields at top level.
Layer parse_definition(std::string_view text, const std::string& file_name, const std::string& origin);

/// Writes the fields of a layer in the order of definition_fields(); parse_definition reads the same back.
std::string write_definition(const Layer& layer);

/// Reads one role as it is kept on the state ref: the keys of [roles.NAME] at top level.
RoleDefinition parse_role(std::string_view text, const std::string& file_name, const std::string& name);
/// Writes a role; parse_role reads the same back.
std::string write_role(const RoleDefinition& role);

/// Reads one sub-agent as it is kept on the state ref. Throws as check_subagent(), too.
Subagent parse_subagent(std::string_view text, const std::string& file_name, const std::string& name);
/// Writes a sub-agent; parse_subagent reads the same back.
std::string write_subagent(const Subagent& subagent);

/// Turns command-line text into a field's value. Throws Error(Usage) naming the option.
FieldValue parse_option_value(const FieldSpec& field, const std::vector<std::string>& words);

/// Checks one value for one field; throws Error(Invalid) with "key: …" and what is allowed.
void check_field(const FieldSpec& field, const FieldValue& value);

/// Names follow git's reference rules, without '/'; throws Error(Invalid).
void check_changeling_name(std::string_view name);
/// What is wrong with it, behind "the name X"; nothing when it is right.
std::optional<std::string> changeling_name_problem(std::string_view name);

}  // namespace changeling
