#pragma once

#include <optional>
#include <string>

#include "changeling/agent_type.hpp"
#include "support/clock.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

namespace changeling::run {

/// Whether an agent's program can do its work with what logs it in here.
struct LoginState {
  bool works = false;
  std::string detail;  ///< How it is logged in, or why it is not; one line, which the program may have said.
};

/// What the program itself says of its login, without asking its service; nothing where it cannot say.
/// `environment` is the user's with the credentials that are kept.
std::optional<LoginState> told_login(ProcessRunner& processes, const Environment& environment,
                                     const AgentType& agent);

/// Lets the program answer one short question, in an empty folder, with the environment that a run would give
/// it: what comes back proves the login, and costs what an answer costs. Throws Error(NotFound) without the
/// program, and Error(Refused) for an agent type that has no login of its own.
LoginState prove_login(ProcessRunner& processes, const Environment& environment, const AgentType& agent,
                       Duration limit);

}  // namespace changeling::run
