#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "project/handling.hpp"
#include "project/project.hpp"
#include "queue/task.hpp"
#include "store/run_record.hpp"
#include "work/source_kinds.hpp"
#include "work/worker.hpp"

namespace changeling::work {

/// What workers of this process are to do.
struct WorkOrder {
  std::string role;
  std::vector<std::string> labels;
  std::string source{to_string(SourceKind::Queue)};
  std::string worker;           ///< Empty: as for claims.
  std::string lease;            ///< A duration; empty: as for claims.
  std::int64_t most_tasks = 0;  ///< 0: no limit.
  std::int64_t parallel = 1;    ///< Processes that work at once.
  WorkerOptions::WhenIdle when_idle = WorkerOptions::WhenIdle::Wait;
  Duration poll = std::chrono::seconds(30);
  std::vector<std::string> except = {};  ///< Ids of tasks that are not wanted.
};

/// For a process that does a part of the work: without `parallel`, which is not for it.
nlohmann::json to_json(const WorkOrder& order);
/// Throws Error(Invalid) when it is none.
WorkOrder work_order_from_json(const nlohmann::json& object);

/// A task that was worked on.
struct WorkedTask {
  std::string task;
  std::string title;
  std::string run;  ///< Empty when none began.
  std::string outcome;
  bool success = false;
  std::string status;  ///< Of the task now; empty when it is not there any more.
  std::string error;
};

/// As `dispatch` and `work` answer it.
nlohmann::json to_json(const WorkedTask& task);

/// What came of an order, also from child processes.
struct WorkOutcome {
  std::vector<store::RunRecord> runs;
  std::vector<WorkedTask> tasks;
  WorkerEnd end = WorkerEnd::NothingReady;
  bool all_succeeded = true;
};

/// "stopped", "nothing-ready", "enough".
std::string_view to_string(WorkerEnd end);

/// What a child process tells of its part, and its reading, which adds to what is there. Throws
/// Error(Invalid) for what no child has told.
nlohmann::json told(const WorkOutcome& outcome);
void add_told(WorkOutcome& outcome, const nlohmann::json& told);

/// Whether roles and agents that nobody approved on this machine are let through: only to show them.
enum class Gate { Closed, Open };

/// Decides by role, with the roles and settings as they are now. `worker_role` is for tasks without one.
/// Throws Error(Refused) for a role that cannot be read or is not trusted: that is no reason to use up a
/// task's attempts.
project::ChooseHandling choose_handling(project::Project& project, const std::string& worker_role, Gate gate);

/// Throws Error(Usage), Error(Refused) or Error(NotFound) for an order that could not be carried out, before
/// anything is claimed. An interactive role needs a terminal.
void check_work_order(project::Project& project, const WorkOrder& order, bool has_terminal);

}  // namespace changeling::work
