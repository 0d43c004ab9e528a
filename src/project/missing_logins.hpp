#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "changeling/agent_type.hpp"
#include "support/clock.hpp"
#include "support/environment.hpp"

namespace changeling::project {

/// An agent type whose program was last found logged out on this machine.
struct MissingLogin {
  std::string agent;
  std::string reason;          ///< One sentence with what to type.
  Timestamp since{};           ///< When the agent was started that was not let in.
  Timestamp tried_again_at{};  ///< Then work that needs it is tried again in any case.

  /// Whether work that nobody watches waits for the login now.
  bool holds(Timestamp now) const { return now < tried_again_at; }
};

/// How long work waits for a login before it tries whether there is one.
inline constexpr std::chrono::minutes login_patience{30};

/// What runs on this machine, of whatever repository, have learned about logins: a file for each agent type
/// below $XDG_STATE_HOME/git-changeling/missing-logins. Who gives an agent other variables to log in with
/// than the run that was refused, as cron does beside a terminal, is not concerned by it.
class MissingLogins {
 public:
  /// Without a home folder nothing is noted, and nothing known.
  explicit MissingLogins(const Environment& environment);

  /// The agent was started then and not let in. Throws Error(Io).
  void note(const AgentType& agent, Timestamp started) const;
  /// It was let in.
  void forget(const AgentType& agent) const;
  /// Nothing where it was not refused, or where the login was renewed since: a credential was kept, or Claude
  /// Code has logged in. Throws as Credentials::list().
  std::optional<MissingLogin> find(const AgentType& agent) const;
  /// Whether find() could give anything at all; asks the file system once.
  bool none_noted() const;

 private:
  std::filesystem::path file(const AgentType& agent) const;
  std::optional<Timestamp> renewed_at(const AgentType& agent) const;

  Environment environment_;
  std::filesystem::path root_;  ///< Empty without a home folder.
};

/// Where Claude Code keeps its login on this machine, whether it is there or not.
std::filesystem::path claude_login_file(const Environment& environment);

}  // namespace changeling::project
