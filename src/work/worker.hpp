#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "support/clock.hpp"
#include "work/session.hpp"
#include "work/task_run.hpp"
#include "work/task_source.hpp"

namespace changeling::work {

struct WorkerOptions {
  std::string worker;          ///< The name that claims bear.
  queue::ClaimFilter filter;   ///< Without `except`.
  std::size_t most_tasks = 0;  ///< 0: no limit.
  enum class WhenIdle { Wait, End } when_idle = WhenIdle::Wait;
  /// How often a source is asked that nobody announces changes of.
  Duration poll = std::chrono::seconds(30);
};

/// What a worker does its work with. Those marked so may be empty.
struct WorkerHooks {
  std::function<bool()> stop_requested;  ///< No new task from now on.
  std::function<void()> watch;           ///< May be empty. Changes from now on count for wait.
  std::function<void(Duration)> wait;    ///< Until a change, a stop, or the time has passed.
  std::function<void(Duration)> pause;   ///< Until a stop, or the time has passed.
  /// May be empty. Why no task may be worked on at all now, whatever there is.
  std::function<std::optional<std::string>()> held_back;
  /// May be empty. Roles whose tasks cannot be worked on now ("": those without a role), each with why.
  std::function<std::map<std::string, std::string>()> held_roles;
  std::function<void()> recover;  ///< May be empty. Takes up what killed workers left.
  std::function<TaskReport(const SourcedClaim&, const std::string& run_id)> work;
  std::function<TaskReport(const SourcedClaim&)> give_back;
  std::function<void(const TaskReport&)> on_report;  ///< May be empty.
  /// May be empty. With a sentence when it is blocked; `run` is what the next task would get.
  std::function<void(SessionStatus, const std::string& run, const std::string& note)> on_status;
  std::function<void(std::string_view)> on_message;  ///< May be empty.
  std::function<void(run::Step)> on_step;            ///< May be empty.
};

enum class WorkerEnd { Stopped, NothingReady, EnoughTasks };

/// Takes one task after the other from a source: polling, working, polling, until it is stopped.
///
/// A source that cannot be asked is asked again after pauses that double up to five minutes. A task whose run
/// failed here is left to others for a while, longer after each failure, so that a broken task neither burns
/// money in a circle nor keeps the worker from the tasks behind it.
class Worker {
 public:
  Worker(TaskSource& source, WorkerOptions options, WorkerHooks hooks, const Clock& clock);

  WorkerEnd run();

 private:
  struct Failure {
    int count = 0;
    Timestamp again_at{};
  };

  /// Returns how long to wait before the next round, or nothing to go on at once.
  std::optional<Duration> round();
  SourceClaim claim();
  void work_on(const SourcedClaim& claim);
  Duration back_off(const std::string& reason);
  queue::ClaimFilter filter_of_now();
  /// Why tasks that are there are left where they are; nothing where none is.
  std::optional<std::string> why_left(queue::ClaimFilter filter);
  void say_idle(const std::optional<std::string>& reason);
  Duration until_next_retry(Duration at_most) const;
  void recover_sometimes();
  void status(SessionStatus status, const std::string& note = "");
  void say(const std::string& text) const;

  TaskSource& source_;
  WorkerOptions options_;
  WorkerHooks hooks_;
  const Clock& clock_;
  std::string run_;  ///< Of the next task.
  std::size_t done_ = 0;
  std::size_t lost_races_ = 0;
  Duration pause_{};  ///< Zero: the source answers.
  bool idle_ = false;
  std::string said_idle_;
  std::map<std::string, std::string> held_roles_;  ///< Of this round.
  std::map<std::string, Failure> failures_;
  std::optional<Timestamp> recovered_at_;
};

}  // namespace changeling::work
