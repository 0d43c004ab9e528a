#include <fmt/format.h>

#include <csignal>

#include "cli/child_pool.hpp"
#include "cli/interrupt.hpp"
#include "cli/own_program.hpp"
#include "cli/quit_key.hpp"
#include "cli/work_order.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

constexpr auto question_interval = std::chrono::milliseconds(100);

/// Keeps the wanted number of child processes at work. Those that wait for tasks stay; where nothing is
/// waited for, a child works on one task and the next task gets a new child.
class Crew {
 public:
  Crew(Context& context, const WorkOrder& order)
      : context_(context),
        order_(order),
        waits_(order.when_idle == work::WorkerOptions::WhenIdle::Wait),
        key_(context.terminal().input_is_terminal && context.terminal().error_is_terminal
                 ? QuitKey::Use::Watch
                 : QuitKey::Use::Ignore) {}

  WorkOutcome run() {
    for (;;) {
      while (wants_another()) start();
      if (pool_.running() == 0) break;
      const auto ended = pool_.wait(question_interval);
      pass_signals_on();
      if (ended) take(*ended);
    }
    if (interrupt_count() > 0) outcome_.end = work::WorkerEnd::Stopped;
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
    order.display = WorkOrder::Display::Lines;
    if (!waits_) order.most_tasks = 1;
    for (const Json& task : outcome_.tasks) order.except.push_back(task.at("task").get<std::string>());
    pool_.start(own_program(context_, work_part_word, to_json(order)));
  }

  void take(const ChildPool::Ended& ended) {
    if (!ended.problem.empty()) {
      context_.message(ended.problem);
      outcome_.all_succeeded = false;
      ++failures_;
      return;
    }
    const std::size_t before = outcome_.tasks.size();
    add(outcome_, parse_json(ended.told, "a worker process"));
    // What has been done may have been what another task waited for.
    nothing_ready_ = outcome_.tasks.size() == before;
  }

  void pass_signals_on() {
    if (key_.pressed()) request_interrupt();
    for (; passed_on_ < std::min(interrupt_count(), 2); ++passed_on_) {
      if (passed_on_ == 0) context_.message("finishing what is under way; interrupt again to stop it");
      pool_.signal_all(SIGTERM);
    }
  }

  Context& context_;
  const WorkOrder& order_;
  bool waits_;
  QuitKey key_;
  ChildPool pool_;
  WorkOutcome outcome_;
  std::int64_t started_ = 0;
  std::int64_t failures_ = 0;
  bool nothing_ready_ = false;
  int passed_on_ = 0;
};

}  // namespace

WorkOutcome work_in_parallel(Context& context, const WorkOrder& order) {
  catch_interrupts(2);
  return Crew(context, order).run();
}

}  // namespace changeling::cli
