#pragma once

#include <functional>
#include <optional>
#include <string>

#include "project/handling.hpp"
#include "project/services.hpp"
#include "queue/criteria.hpp"
#include "run/observer.hpp"
#include "run/runner.hpp"
#include "work/task_source.hpp"

namespace changeling::work {

/// What working on a task needs; everything must outlive the work.
struct TaskServices {
  const project::Services& run;
  TaskSource& source;
  std::string worker;
  project::ChooseHandling handling;
  /// Asked about each command line among the criteria of a task, with its role's; empty: none is approved.
  std::function<queue::IsApproved(const std::string& role)> approved_criteria = {};
  /// Whether an agent can be given the terminal; tasks of interactive roles go back otherwise.
  enum class TerminalUse { None, Possible } terminal = TerminalUse::None;
  /// Told that the run which begins now will give the terminal to its agent at its step "launch"; may be
  /// empty.
  std::function<void()> on_interactive = {};
};

/// What came of one task.
struct TaskReport {
  queue::Task task;  ///< As it was claimed.
  TaskResult result;
  std::optional<store::RunRecord> run;  ///< Nothing when it did not come to a run.
  std::string problem;                  ///< Why the result could not be handed in; empty normally.
  /// What its agent logs in with is missing here: the task was given back, and is no worse than before.
  bool waits = false;

  bool success() const { return result.success && problem.empty(); }
};

/// Works on a claimed task from the prompt to the result: the run of the main job with the criteria of the
/// task, then the result to the source. The observer's stop_requested ends the agent and gives the task back
/// as "released". Only Error(Interrupted) gets out.
TaskReport work_on_task(const TaskServices& services, const run::Observer& observer,
                        const SourcedClaim& claim, const std::string& run_id);

/// Gives a claim back that no work has been done on.
TaskReport give_back(const TaskServices& services, const SourcedClaim& claim);

/// The result of a finished run, for its task.
TaskResult result_of_run(const project::Services& services, const store::RunRecord& run,
                         const queue::Task& task);

/// The whole prompt of an agent on this task, as a dry run shows it.
std::string preview_prompt(const project::Services& services, const project::Handling& handling,
                           const queue::Task& task);

}  // namespace changeling::work
