#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "changeling/agent_type.hpp"
#include "support/clock.hpp"
#include "support/environment.hpp"

namespace changeling::project {

/// A credential that is kept; its value is for agents alone.
struct KeptCredential {
  std::string agent;
  std::string variable;
  Timestamp kept_at{};
};

/// What the user of this machine has given for their agents to log in with:
/// credentials/AGENT/VARIABLE below $XDG_DATA_HOME/git-changeling, a file with the value each, readable and
/// writable by the owner only. No value is ever given back: it goes into the environment of an agent of that
/// type, and nowhere else. It is on no reference, and in no record.
class Credentials {
 public:
  /// Without a home folder there are none, and none can be kept.
  explicit Credentials(const Environment& environment);

  /// Sorted. Throws Error(Refused) for what somebody else could have read or written.
  std::vector<KeptCredential> list() const;
  /// Throws Error(Invalid) for a value that no variable can have, and without a home folder.
  void keep(const std::string& agent, const std::string& variable, const std::string& value) const;
  /// Whether it was there.
  bool remove(const std::string& agent, const std::string& variable) const;
  /// Gives the environment those variables of the agent type that it has no value for. What it has counts
  /// more: who starts a run with a variable of their own means it. Throws as list().
  void add_to(Environment& environment, const AgentType& agent) const;

 private:
  std::filesystem::path file(const std::string& agent, const std::string& variable) const;

  std::filesystem::path root_;  ///< Empty without a home folder.
};

/// Whether the environment has a value for the variable: an empty one is none.
bool is_given(const Environment& environment, const std::string& variable);

/// Those variables of an agent type that hold what logs it in, by their names: …_KEY, …_TOKEN and so on.
std::vector<std::string> credential_variables(const AgentType& agent);

}  // namespace changeling::project
