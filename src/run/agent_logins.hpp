#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/missing_logins.hpp"
#include "project/project.hpp"
#include "run/agent_login.hpp"

namespace changeling::run {

/// A variable that is there for an agent type; its value is nobody's to see.
struct FoundCredential {
  std::string variable;
  std::optional<Timestamp> kept_at;  ///< Nothing for one of the environment.
};

/// How an agent type logs in on this machine.
struct AgentLogin {
  AgentType agent;
  std::vector<std::string> takes;  ///< Variables, see project::credential_variables.
  std::vector<FoundCredential> found;
  /// Whether its program may be started to be asked: what comes from a repository is approved first.
  bool trusted = false;
  std::optional<LoginState> told;  ///< Nothing where the program cannot say, or must not be asked.
  /// When the login that the program keeps itself ends; nothing where a variable takes its place, or nobody
  /// says.
  std::optional<Timestamp> until;
  bool renews_itself = false;  ///< The program gets a new one by itself then.
  std::optional<project::MissingLogin> missing;
};

/// Those built in that log in anywhere, and those of `.changelings.toml`, by name.
std::vector<AgentLogin> agent_logins(project::Project& project);
/// Of one. Throws Error(NotFound) with the nearest name as the hint.
AgentLogin agent_login(project::Project& project, const std::string& agent);

/// The variable of the agent type that was named, or the only one that it has. Throws Error(Refused) for one
/// that takes none, Error(Usage) and Error(NotFound) with those that it takes.
std::string chosen_credential(const AgentType& agent, const std::string& variable);

/// Keeps the value for the agent type, and returns the variable that it is in. Throws as the above, and as
/// project::Credentials::keep().
std::string keep_credential(project::Project& project, const std::string& agent, const std::string& variable,
                            const std::string& value);
/// Forgets one variable, or all with "", also of an agent type that is gone by now. Those that were there.
std::vector<std::string> remove_credentials(project::Project& project, const std::string& agent,
                                            const std::string& variable);

/// Lets the agent type's program answer a question, see prove_login(); what waits for the login goes on when
/// it does. Throws Error(Refused) as well for an agent type of the repository that is not approved here.
LoginState check_login(project::Project& project, const std::string& agent, Duration limit);

}  // namespace changeling::run
