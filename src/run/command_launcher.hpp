#pragma once

#include "run/launcher.hpp"

namespace changeling::run {

/// Any program that does the work and ends: success is exit code 0. A `command_line` is run by /bin/sh,
/// otherwise agent.command with its placeholders filled in and the extra arguments behind. The prompt goes
/// to standard input unless a placeholder has taken it or the agent type wants messages there.
class CommandLauncher : public Launcher {
 public:
  LaunchResult launch(const LaunchRequest& request, const LaunchObserver& observer) override;
  std::optional<Command> interactive_command(const LaunchRequest& request) const override;
  bool prints_its_log(const AgentType&) const override { return true; }
};

/// What CommandLauncher starts. Throws Error(Invalid) when the agent type has no command.
Command command_for(const LaunchRequest& request);

}  // namespace changeling::run
