#include "work/crew.hpp"

#include <fmt/format.h>

#include <csignal>

#include "project/own_program.hpp"
#include "support/child_pool.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/json.hpp"

namespace changeling::work {
namespace {

constexpr auto question_interval = std::chrono::milliseconds(100);

/// Keeps the wanted number of child processes at work. Those that wait for tasks stay; where nothing is
/// waited for, a child works on one task and the next task gets a new child.
class Crew {
 public:
  Crew(project::Project& project, const WorkOrder& order, std::function<bool()> wants_to_end)
      : project_(project),
        order_(order),
        waits_(order.when_idle == WorkerOptions::WhenIdle::Wait),
        wants_to_end_(std::move(wants_to_end)) {}

  WorkOutcome run() {
    for (;;) {
      while (wants_another()) start();
      if (pool_.running() == 0) break;
      const auto ended = pool_.wait(question_interval);
      pass_signals_on();
      if (ended) take(*ended);
    }
    if (interrupt_count() > 0) outcome_.end = WorkerEnd::Stopped;
    return std::move(outcome_);
  }

 private:
  bool wants_another() const {
    const auto running = static_cast<std::int64_t>(pool_.running());
    if (interrupt_count() > 0 || running >= order_.parallel) return false;
    if (waits_) return started_ < order_.parallel;
    const auto taken = static_cast<std::int64_t>(outcome_.tasks.size()) + failures_ + running;
    return !nothing_ready_ && (order_.most_tasks == 0 || taken < order_.most_tasks);
  }

  void start() {
    ++started_;
    WorkOrder order = order_;
    order.parallel = 1;
    if (!waits_) order.most_tasks = 1;
    for (const WorkedTask& task : outcome_.tasks) order.except.push_back(task.task);
    pool_.start(project::own_program(project_, work_part_word, to_json(order)));
  }

  void take(const ChildPool::Ended& ended) {
    if (!ended.problem.empty()) {
      project_.message(ended.problem);
      outcome_.all_succeeded = false;
      ++failures_;
      return;
    }
    const std::size_t before = outcome_.tasks.size();
    add_told(outcome_, parse_json(ended.told, "a worker process"));
    // What has been done may have been what another task waited for.
    nothing_ready_ = outcome_.tasks.size() == before;
  }

  void pass_signals_on() {
    if (wants_to_end_ && wants_to_end_()) request_interrupt();
    for (; passed_on_ < std::min(interrupt_count(), 2); ++passed_on_) {
      if (passed_on_ == 0) project_.message("finishing what is under way; interrupt again to stop it");
      pool_.signal_all(SIGTERM);
    }
  }

  project::Project& project_;
  const WorkOrder& order_;
  bool waits_;
  std::function<bool()> wants_to_end_;
  ChildPool pool_;
  WorkOutcome outcome_;
  std::int64_t started_ = 0;
  std::int64_t failures_ = 0;
  bool nothing_ready_ = false;
  int passed_on_ = 0;
};

}  // namespace

WorkOutcome work_in_parallel(project::Project& project, const WorkOrder& order,
                             std::function<bool()> wants_to_end) {
  catch_interrupts(2);
  outlive_readers();
  return Crew(project, order, std::move(wants_to_end)).run();
}

}  // namespace changeling::work
