#pragma once

#include <string>
#include <vector>

#include "changeling/agent_type.hpp"
#include "changeling/definition.hpp"

namespace changeling::deploy {

/// What a changeling needs on a machine that has nothing of its user's.
struct Requirements {
  /// Names of the variables that must come from the other side's secrets, sorted; never their values.
  std::vector<std::string> secrets;
  /// Package of npm with its exact version that brings the agent's program, or empty.
  std::string agent_package;
  std::string agent_program;          ///< Empty: nothing to look for.
  std::vector<std::string> warnings;  ///< Sentences about what will not be there.
};

/// Throws Error(Refused) for what can only run on its user's machine, with what to change.
Requirements requirements_of(const Definition& definition, const AgentType& agent);

}  // namespace changeling::deploy
