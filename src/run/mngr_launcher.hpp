#pragma once

#include "run/launcher.hpp"

namespace changeling::run {

/// An agent that mngr runs (Claude Code in tmux unless the agent type names another), in our worktree. It is
/// watched through mngr's states and transcript, and destroyed at the end in every case.
///
/// Success: it ended its turn (WAITING after its last words; DONE for kinds of agents that end), and mngr
/// could remove it completely. An agent that waits for somebody to allow a tool is denied. mngr tells no
/// costs.
class MngrLauncher : public Launcher {
 public:
  /// The runner serves the short commands.
  explicit MngrLauncher(ProcessRunner& runner) : runner_(runner) {}
  LaunchResult launch(const LaunchRequest& request, const LaunchObserver& observer) override;
  bool prints_its_log(const AgentType& agent) const override;

 private:
  ProcessRunner& runner_;
};

}  // namespace changeling::run
