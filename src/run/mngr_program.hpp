#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "run/launcher.hpp"

namespace changeling::run {

/// The command lines of mngr 0.2.17 for one agent, and what its answers mean.
class MngrProgram {
 public:
  explicit MngrProgram(const LaunchRequest& request);

  /// The agent's name at mngr: the changeling's and the run's, with letters that mngr accepts.
  const std::string& agent_name() const { return agent_name_; }

  Command version() const;
  /// Starts the agent in the worktree as it is (no copy, no branch) with the prompt as its first message.
  /// The agent's environment goes by name where a value may be secret, since command lines are public.
  Command create() const;
  /// Answers when the agent has stopped working, with code 2 after `patience`.
  Command wait(std::chrono::seconds patience) const;
  Command list() const;
  Command transcript() const;
  /// Types into the agent's terminal.
  Command message(const std::string& text) const;
  Command stop() const;
  /// Never lets mngr remove the worktree, which is ours.
  Command destroy() const;

 private:
  Command command(std::vector<std::string> arguments) const;

  const LaunchRequest& request_;
  std::string agent_name_;
  std::string program_;
};

/// Throws Error(External) with a hint when `output` of `mngr --version` names a version before 0.2.17, or
/// none.
void check_mngr_version(std::string_view output);

/// What a failing exit code of `mngr OPERATION` means: one sentence with what to do.
std::string explain_mngr_failure(std::string_view operation, const std::string& agent_name,
                                 const ProcessResult& result);

/// What `mngr wait --format json` answered.
struct MngrWaitAnswer {
  enum class Kind { Reached, TimedOut, Failed };
  Kind kind = Kind::Failed;
  std::string state;  ///< When reached: "WAITING", "DONE" or "STOPPED".
};
MngrWaitAnswer read_mngr_wait(const ProcessResult& result);

/// Whether the agent waits for somebody to allow a tool, from the answer of `mngr list --format json`.
bool mngr_waits_for_permission(std::string_view list, const std::string& agent_name);

}  // namespace changeling::run
