#pragma once

#include <string_view>

#include "queue/task.hpp"
#include "run/observer.hpp"
#include "work/work_order.hpp"

namespace changeling::work {

/// What a person sees of a worker, and how they end it.
class WorkerDisplay {
 public:
  virtual ~WorkerDisplay() = default;

  /// Whether somebody types here: an interactive agent can have the terminal, and a key ends the work.
  virtual bool has_terminal() const { return false; }
  /// Whether that key was pressed.
  virtual bool wants_to_end() { return false; }
  /// An interactive agent gets the terminal now; it comes back with the next step.
  virtual void lend_terminal() {}
  virtual void task_begins(const queue::Task&) {}
  virtual void task_ends() {}
  /// Right before each step of a run; see run::Observer.
  virtual void step(run::Step) {}
  virtual void progress(const run::Progress&) {}
  /// A few times a second while an agent works.
  virtual void tick() {}
  /// Right before each step of the worker or its run, for tests.
  virtual void trace(run::Step) {}
  virtual void message(std::string_view text) = 0;
};

/// Works in this process, with a session of its own.
WorkOutcome work_here(project::Project& project, const WorkOrder& order, WorkerDisplay& display);

}  // namespace changeling::work
