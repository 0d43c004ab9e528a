#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <variant>

#include "changeling/agent_type.hpp"
#include "changeling/definition.hpp"
#include "project/services.hpp"
#include "queue/task.hpp"
#include "run/live_run.hpp"
#include "run/observer.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// When a run asks whether its claim still holds: now and then, or right before something leaves this
/// machine.
enum class ClaimMoment { Working, Publishing };

/// What to run, decided beforehand.
struct RunRequest {
  std::string run_id;  ///< New; see new_run_id().
  Definition definition;
  AgentType agent;
  std::string trigger;   ///< See start_triggers.hpp.
  std::string retry_of;  ///< Id of the run that this one repeats, or empty.
  /// The time of the schedule that this run is for. Such a run begins only if no other machine has done it.
  std::optional<Timestamp> scheduled_for;
  std::vector<std::string> overrides;  ///< Keys of the definition that were given for this run alone.
  std::string occasion;                ///< See RunOrder::occasion.
  /// The agent gets this process's terminal for itself; see require_interactive().
  bool interactive = false;
  /// Where the run leaves its work and its record, see hand_over.hpp; then nothing leaves this machine.
  /// Empty: it publishes itself.
  std::filesystem::path hand_over;

  // What follows is for the run of a task.

  std::string task;  ///< Its id; empty without one.
  /// Of the claim in the own queue; what is sent later is sent only while it is the task's newest. 0: the
  /// task is not from there.
  std::int64_t task_token = 0;
  std::string task_title;    ///< What the pull request is called when the agent says nothing.
  std::string task_text;     ///< Goes behind the definition's prompt as it is, without placeholders.
  std::string closes_issue;  ///< Number of the forge's issue that the task stands for, or empty.
  /// What must be true of the result. Checked in the worktree, before anything is pushed; what is unmet ends
  /// the run as verification-failed.
  std::vector<queue::Criterion> acceptance;
  /// Whether the claim still is this worker's. Asked every second, and before anything is pushed or proposed;
  /// false ends the run as lost-lease. Empty: there is nothing to lose.
  std::function<bool(ClaimMoment)> holds_claim;
  /// Asked when it does not hold any more; an empty answer or no function: nobody can tell.
  std::function<std::string()> why_claim_is_lost;
};

std::string new_run_id();

/// Carries one run out from the first record to the last: worktree, agent, verification, push, pull request.
/// Whatever goes wrong on the way ends in the record; only a failure to write the record is an Error.
/// The result is the finished record, or why there was no run.
std::variant<store::RunRecord, Skipped> execute_run(const project::Services& services,
                                                    const Observer& observer, const RunRequest& request);

/// Only the beginning of a run that is carried out elsewhere: its record says "running", and every machine
/// knows it. The result is that record, or why there is no run.
std::variant<store::RunRecord, Skipped> begin_run(const project::Services& services, const Observer& observer,
                                                  const RunRequest& request);

/// The record of a run that was begun so, as it is now. Throws Error(NotFound) without one.
store::RunRecord find_begun_run(const project::Services& services, const std::string& run_id);

/// Carries out a run that has been begun so, without publishing anything, and hands it over
/// (RunRequest::hand_over). The result is the record that it hands over; here the run is over, and others are
/// not told. Throws Error(NotFound) when there is no such run, Error(Refused) when it is not under way or is
/// of another changeling, and what write_hand_over() throws.
store::RunRecord execute_begun_run(const project::Services& services, const Observer& observer,
                                   const RunRequest& request);

}  // namespace changeling::run
