#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/syntax.hpp"
#include "work/handling.hpp"
#include "work/source_kinds.hpp"
#include "work/worker.hpp"

namespace changeling::cli {

/// What `dispatch` and `work` are to do.
struct WorkOrder {
  std::string role;
  std::vector<std::string> labels;
  std::string source{to_string(work::SourceKind::Queue)};
  std::string worker;  ///< Empty: as for `task claim`.
  std::string lease;
  std::int64_t most_tasks = 0;  ///< 0: no limit.
  std::int64_t parallel = 1;
  work::WorkerOptions::WhenIdle when_idle = work::WorkerOptions::WhenIdle::Wait;
  Duration poll = std::chrono::seconds(30);
  std::vector<std::string> except = {};  ///< Ids of tasks that are not wanted.
  bool dry_run = false;
  enum class Display {
    Line,
    Lines
  } display = Display::Line;  ///< Lines: a line per step, for several at once.
};

/// For a process that does a part of the work, with a line a step.
Json to_json(const WorkOrder& order);
/// Throws Error(Invalid) when it is none.
WorkOrder work_order_from_json(const Json& object);
/// The command of such a process, see own_program.hpp.
inline constexpr const char* work_part_word = "__work-part";

/// The part of the order that both commands declare.
void declare_work_options(Syntax& syntax, WorkOrder& order);
/// Throws Error(Usage), or Error(NotFound) for an unknown role, before anything is claimed.
void check_work_order(Context& context, const WorkOrder& order);

/// What came of an order, also from child processes.
struct WorkOutcome {
  Json runs = Json::array();   ///< Records of the runs.
  Json tasks = Json::array();  ///< {task, title, run, outcome, success, status, error} each.
  work::WorkerEnd end = work::WorkerEnd::NothingReady;
  bool all_succeeded = true;
};
Json to_json(const WorkOutcome& outcome);
/// Adds what a child process has told.
void add(WorkOutcome& outcome, const Json& told);

/// Whether roles and agents that nobody approved on this machine are let through: only to show them.
enum class Gate { Closed, Open };

/// Decides by role, with the roles and settings as they are now.
work::ChooseHandling choose_handling(Context& context, const std::string& worker_role, Gate gate);

/// Works in this process, with a session of its own, and shows how it gets on.
WorkOutcome work_here(Context& context, const WorkOrder& order);
/// Works with order.parallel child processes at once; each has everything of its own.
WorkOutcome work_in_parallel(Context& context, const WorkOrder& order);

/// The tasks that would be taken, with their prompts.
Answer describe_order(Context& context, const WorkOrder& order);

/// What `dispatch` and `work` answer.
Answer work_answer(Context& context, const WorkOutcome& outcome);

}  // namespace changeling::cli
