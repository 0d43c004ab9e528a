#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "changeling/agent_type.hpp"
#include "chat/limits.hpp"
#include "project/project.hpp"
#include "run/launcher.hpp"

namespace changeling::chat {

/// What an agent is asked.
struct AgentQuestion {
  AgentType agent;
  std::string prompt;
  MessageLimits limits;
  std::filesystem::path folder;  ///< Its own, for what it needs while it works; gone afterwards.
};

/// What came of it.
struct AgentReply {
  std::string answer;   ///< JSON, as the agent gave it, without secrets; for read_answer().
  std::string problem;  ///< Why there is none; empty when there is one.
  run::Progress totals;
};

/// Lets the agent answer in the user's work tree, which it reads and cannot write: Claude Code gets no tool
/// that writes or runs something, no settings of the repository and no servers of it, and every agent is
/// held by the walls that a run's agent is held by. One whose tools cannot be limited is not started without
/// them: Error(Refused). Throws Error(NotFound) when the agent's program is not installed.
AgentReply ask_agent(project::Project& project, const AgentQuestion& question,
                     const run::LaunchObserver& observer);

/// The arguments with which Claude Code answers in this form and can only look.
std::vector<std::string> looking_arguments();

}  // namespace changeling::chat
