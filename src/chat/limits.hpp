#pragma once

#include <optional>
#include <string>

#include "changeling/agent_type.hpp"
#include "project/project.hpp"
#include "support/clock.hpp"

namespace changeling::chat {

/// The longest message of a user's, in bytes, and the most in one session.
inline constexpr std::size_t longest_message = std::size_t{64} * 1024;
inline constexpr std::size_t most_messages = 200;

/// What all chats of a day on this machine have cost, and may cost.
struct DayCost {
  double spent_usd = 0;
  std::optional<double> cap_usd;  ///< changeling.chatMaxCost; nothing: no limit.
};
DayCost day_cost(project::Project& project);

/// What one message may take.
struct MessageLimits {
  Duration time{};
  std::int64_t turns = 0;
  double budget_usd = 0;  ///< 0: no limit.
};

/// The agent type that answers: changeling.chatAgent. Throws Error(NotFound) for one that is not there,
/// Error(Refused) for one that is driven elsewhere or, of `.changelings.toml`, not approved here.
AgentType chat_agent(project::Project& project);

/// Everything that a message must pass before the agent is started. Throws Error(Refused) when everything is
/// switched off, when chats have cost as much as they may on this day, or all runs as much as a day may cost.
MessageLimits check_may_ask(project::Project& project);

/// Throws Error(Usage) for a message that says nothing or too much.
void check_message(const std::string& text);

}  // namespace changeling::chat
