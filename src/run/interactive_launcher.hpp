#pragma once

#include "run/launcher.hpp"

namespace changeling::run {

/// An agent that a person works with: it gets this process's terminal, and what it prints goes there and
/// nowhere else. Success is exit code 0. The time limit holds; silence cannot be seen, so that limit does
/// not.
class InteractiveLauncher : public Launcher {
 public:
  /// `launcher` drives the agent where nobody is at the terminal.
  explicit InteractiveLauncher(std::unique_ptr<Launcher> launcher) : launcher_(std::move(launcher)) {}

  /// Throws what require_interactive throws.
  LaunchResult launch(const LaunchRequest& request, const LaunchObserver& observer) override;

 private:
  std::unique_ptr<Launcher> launcher_;
};

/// Throws Error(Refused) with a hint when this kind of agent cannot be given a terminal, or there is none.
void require_interactive(const AgentType& agent);

}  // namespace changeling::run
