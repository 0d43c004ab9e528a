#pragma once

#include <functional>
#include <string>
#include <variant>

#include "changeling/agent_type.hpp"
#include "changeling/definition.hpp"
#include "run/live_run.hpp"
#include "run/services.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// What to run, decided beforehand.
struct RunRequest {
  std::string run_id;  ///< New; see new_run_id().
  Definition definition;
  AgentType agent;
  std::string trigger;   ///< "manual", "schedule", "retry", or an event's name.
  std::string retry_of;  ///< Id of the run that this one repeats, or empty.
  std::string task;      ///< Id of the task that is worked on, or empty.
  /// For a task: whether its claim still is this worker's. Asked before anything is pushed or proposed and
  /// every second in between; false ends the run as lost-lease. Empty: there is nothing to lose.
  std::function<bool()> holds_claim;
  /// The agent gets this process's terminal for itself; see require_interactive().
  bool interactive = false;
};

std::string new_run_id();

/// Carries one run out from the first record to the last: worktree, agent, verification, push, pull request.
/// Whatever goes wrong on the way ends in the record; only a failure to write the record is an Error.
/// The result is the finished record, or why there was no run.
std::variant<store::RunRecord, Skipped> execute_run(const Services& services, const Observer& observer,
                                                    const RunRequest& request);

}  // namespace changeling::run
