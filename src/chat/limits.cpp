#include "chat/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chat/session_files.hpp"
#include "project/definitions.hpp"
#include "project/halt.hpp"
#include "project/roles.hpp"
#include "project/settings.hpp"
#include "project/start_limits.hpp"
#include "project/trust.hpp"
#include "run/spending.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::chat {
namespace {

/// An answer that needs more has lost its way.
constexpr std::int64_t most_turns = 40;

void refuse_when_halted(project::Project& project) {
  const auto halt = project::find_halt(project.repository(), project.places(), project.snapshot());
  if (halt) throw Error(ErrorKind::Refused, halt->reason, "to switch it on again: " + halt->undo);
}

void refuse_when_spent(const DayCost& cost) {
  if (!cost.cap_usd || cost.spent_usd < *cost.cap_usd) return;
  throw Error(
      ErrorKind::Refused,
      fmt::format("chats have cost ${:.2f} today; ${:.2f} are allowed", cost.spent_usd, *cost.cap_usd),
      "wait until tomorrow, or: git changeling config set chatMaxCost USD");
}

/// The day's cap is for everything; runs look at theirs alone.
void refuse_when_day_is_spent(project::Project& project, double spent_by_chats) {
  const auto cap = project::start_limits(project.repository()).caps.repository_day;
  if (!cap) return;
  const double spent =
      run::known_spending(project.current_runs(), project.clock().now()).day + spent_by_chats;
  if (spent < *cap) return;
  throw Error(ErrorKind::Refused,
              fmt::format("runs and chats have cost ${:.2f} today; ${:.2f} are allowed", spent, *cap),
              "wait until tomorrow, or: git changeling config set dailyBudget USD");
}

}  // namespace

DayCost day_cost(project::Project& project) {
  const Timestamp day = run::spending_periods(project.clock().now()).day;
  return {SessionFiles(project).spent_since(day),
          project::money_setting(project.repository(), "changeling.chatMaxCost")};
}

AgentType chat_agent(project::Project& project) {
  const std::string name = project::text_setting(project.repository(), "changeling.chatAgent")
                               .value_or(std::string(default_agent_type));
  const project::RoleSet roles = project::RoleSet::load(project);
  AgentType agent = roles.definitions().agent(name);
  if (agent.launcher == LauncherKind::Mngr) {
    throw Error(ErrorKind::Refused,
                fmt::format("the agent type {} cannot answer in a chat: it is driven by {}", agent.name,
                            launcher_of(agent).word),
                "choose another one: git changeling config set chatAgent claude");
  }
  project::check_trusted(project, roles, "", agent);
  return agent;
}

MessageLimits check_may_ask(project::Project& project) {
  project.require_state();
  refuse_when_halted(project);
  const DayCost cost = day_cost(project);
  refuse_when_spent(cost);
  refuse_when_day_is_spent(project, cost.spent_usd);
  MessageLimits limits{
      project::duration_setting(project.repository(), "changeling.chatTimeout"), most_turns,
      project::money_setting(project.repository(), "changeling.chatMessageCost").value_or(0)};
  if (cost.cap_usd) {
    const double left = *cost.cap_usd - cost.spent_usd;
    limits.budget_usd = limits.budget_usd > 0 ? std::min(limits.budget_usd, left) : left;
  }
  return limits;
}

void check_message(const std::string& text) {
  if (trim(text).empty())
    throw Error(ErrorKind::Usage, "the message is empty",
                "for example: git changeling chat 'what failed last night?'");
  if (text.size() > longest_message)
    throw Error(ErrorKind::Usage,
                fmt::format("the message has {} bytes; {} are allowed", text.size(), longest_message),
                "put it into a file of the repository and say where that is");
}

}  // namespace changeling::chat
