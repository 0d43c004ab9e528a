#pragma once

#include <map>
#include <string>
#include <vector>

#include "changeling/toml_file.hpp"
#include "project/definitions.hpp"
#include "project/project.hpp"
#include "support/error.hpp"

namespace changeling::project {

/// A role and where it comes from.
struct ResolvedRole {
  RoleDefinition role;
  std::string source;  ///< "state" or "file".
};

/// The roles of a repository: those of the state ref and of `.changelings.toml`. A role of the state hides
/// the file's of the same name as a whole.
class RoleSet {
 public:
  static RoleSet load(Project& project, FileMistake mistake = FileMistake::Refused);

  /// By name.
  const std::map<std::string, ResolvedRole>& all() const { return roles_; }
  /// Also for a damaged one.
  bool contains(const std::string& name) const { return roles_.contains(name) || damaged_.contains(name); }
  bool is_damaged(const std::string& name) const { return damaged_.contains(name); }
  /// Throws Error(NotFound) with the nearest name as the hint, and Error(Invalid) for a damaged one.
  const ResolvedRole& find(const std::string& name) const;
  bool in_file(const std::string& name) const { return definitions_.file_roles().contains(name); }
  /// How the role's agent runs. Throws Error(NotFound) when there is no such agent type.
  AgentType agent(const RoleDefinition& role) const { return definitions_.agent(role.agent); }
  const DefinitionSet& definitions() const { return definitions_; }

 private:
  std::map<std::string, ResolvedRole> roles_;
  std::map<std::string, Error> damaged_;  ///< Why those cannot be read.
  DefinitionSet definitions_;
};

/// What `agent` is when a role leaves it out.
std::string default_agent(const RoleDefinition& role);

/// The label that other task systems know the role by: "role-reviewer".
std::string role_label(const std::string& name);

/// A role that nobody has defined is most likely a typing mistake, but a task may come before its role.
void warn_of_unknown_role(Project& project, const std::string& name);

}  // namespace changeling::project
