#pragma once

#include <functional>
#include <string>

#include "project/roles.hpp"
#include "project/write_definition.hpp"

namespace changeling::project {

/// A role that was written.
struct WrittenRole {
  RoleDefinition role;
  bool is_new = false;
  bool trusted = false;
};

/// Changes the role on the state ref in one operation: `edit` gets what there is under the name, wherever it
/// stands, or an empty one, and returns what shall be. What could never work is refused here and not by the
/// first worker, at the cost of a task's attempts: Error(Usage). What a user writes is approved as
/// write_definition approves it; what another author writes is not.
WrittenRole write_role(Project& project, const std::string& name, Expectation expectation,
                       const std::function<RoleDefinition(RoleDefinition)>& edit,
                       Author author = Author::User);

/// What is asked of every role that is written. Throws Error(Usage).
void check_usable(const RoleDefinition& role, const RoleSet& set);

/// The agent that follows from what was given: a command line brings the agent "command", and an agent that
/// takes none drops the one of before.
void choose_agent(RoleDefinition& role, bool command_given, bool agent_given);

/// Throws Error(NotFound), and Error(Refused) for a role that only `.changelings.toml` defines. A damaged one
/// may go.
void require_removable(const RoleSet& set, const std::string& name);
/// Takes the role from the state, in one operation, and its approval.
void remove_role(Project& project, const std::string& name);

}  // namespace changeling::project
