#include "work/worker.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changeling::work {
namespace {

constexpr Duration first_pause = std::chrono::seconds(5);
constexpr Duration longest_pause = std::chrono::minutes(5);
constexpr Duration first_retry = std::chrono::seconds(30);
constexpr Duration latest_retry = std::chrono::minutes(15);
constexpr Duration recovery_interval = std::chrono::seconds(10);
/// Somebody is faster so often only where something is wrong with the source.
constexpr std::size_t most_lost_races = 20;

}  // namespace

Worker::Worker(TaskSource& source, WorkerOptions options, WorkerHooks hooks, const Clock& clock)
    : source_(source), options_(std::move(options)), hooks_(std::move(hooks)), clock_(clock) {}

WorkerEnd Worker::run() {
  for (;;) {
    if (hooks_.stop_requested()) return WorkerEnd::Stopped;
    if (options_.most_tasks > 0 && done_ >= options_.most_tasks) return WorkerEnd::EnoughTasks;
    recover_sometimes();
    const auto pause = round();
    if (!pause) continue;
    if (hooks_.stop_requested()) return WorkerEnd::Stopped;
    if (options_.when_idle == WorkerOptions::WhenIdle::End) return WorkerEnd::NothingReady;
    // A change here does not make a source elsewhere answer again.
    (pause_ > Duration(0) ? hooks_.pause : hooks_.wait)(*pause);
  }
}

std::optional<Duration> Worker::round() {
  if (hooks_.watch) hooks_.watch();
  if (const auto reason = hooks_.held_back ? hooks_.held_back() : std::nullopt) return back_off(*reason);
  held_roles_ = hooks_.held_roles ? hooks_.held_roles() : std::map<std::string, std::string>{};
  const SourceClaim answer = claim();
  if (const auto* unreachable = std::get_if<Unreachable>(&answer)) return back_off(unreachable->reason);
  pause_ = Duration(0);
  if (const auto* lost = std::get_if<LostRace>(&answer)) {
    if (++lost_races_ < most_lost_races) return std::nullopt;
    return back_off(fmt::format("{} was faster {} times in a row", lost->winner, lost_races_));
  }
  lost_races_ = 0;
  if (const auto* claimed = std::get_if<SourcedClaim>(&answer)) {
    idle_ = false;
    work_on(*claimed);
    return std::nullopt;
  }
  say_idle(held_roles_.empty() ? std::nullopt : why_left(filter_of_now()));
  return until_next_retry(options_.poll);
}

std::optional<std::string> Worker::why_left(queue::ClaimFilter filter) {
  filter.except_roles.clear();
  const std::vector<queue::Task> first = source_.peek(filter, 1);
  const auto held = first.empty() ? held_roles_.end() : held_roles_.find(first.front().role);
  return held == held_roles_.end() ? std::nullopt : std::optional(held->second);
}

void Worker::say_idle(const std::optional<std::string>& reason) {
  const bool waits = options_.when_idle == WorkerOptions::WhenIdle::Wait;
  status(reason ? SessionStatus::Blocked : SessionStatus::Idle, reason.value_or(""));
  // Each reason is said once.
  const std::string sentence = reason.value_or(waits ? "waiting for tasks" : "");
  if (!sentence.empty() && (!idle_ || sentence != said_idle_)) say(sentence);
  said_idle_ = sentence;
  idle_ = true;
}

SourceClaim Worker::claim() {
  if (run_.empty()) run_ = run::new_run_id();
  source_.announce_run(run_);
  if (!idle_ && pause_ == Duration(0)) status(SessionStatus::Ready);
  if (hooks_.on_step) hooks_.on_step(run::Step::Claim);
  return source_.claim(filter_of_now(), options_.worker);
}

void Worker::work_on(const SourcedClaim& claim) {
  // The signal may have come while the claim was being made.
  const bool too_late = hooks_.stop_requested();
  const TaskReport report = too_late ? hooks_.give_back(claim) : hooks_.work(claim, run_);
  run_.clear();
  if (!too_late) ++done_;
  const std::string& task = claim.task.id;
  // What waits for a login is held by its role, and no worse than before.
  if (report.success() || report.waits) {
    failures_.erase(task);
  } else {
    Failure& failure = failures_[task];
    const Duration pause = std::min(latest_retry, first_retry * (1 << std::min(failure.count, 10)));
    failure.count += 1;
    failure.again_at = clock_.now() + pause;
  }
  if (!report.problem.empty()) {
    say(fmt::format("the result of task {} could not be handed in: {}", task, report.problem));
  }
  if (hooks_.on_report) hooks_.on_report(report);
}

Duration Worker::back_off(const std::string& reason) {
  pause_ = pause_ == Duration(0) ? first_pause : std::min(longest_pause, pause_ * 2);
  idle_ = false;
  status(SessionStatus::Blocked, reason);
  if (options_.when_idle == WorkerOptions::WhenIdle::Wait) {
    say(fmt::format("{}: {}; asking again in {}", source_.name(), reason, describe_duration(pause_)));
  } else {
    say(fmt::format("{}: {}", source_.name(), reason));
  }
  return pause_;
}

queue::ClaimFilter Worker::filter_of_now() {
  queue::ClaimFilter filter = options_.filter;
  const Timestamp now = clock_.now();
  for (const auto& [role, reason] : held_roles_) filter.except_roles.push_back(role);
  for (const auto& [task, failure] : failures_) {
    // Who does not wait does not come back to a task either.
    if (failure.again_at > now || options_.when_idle == WorkerOptions::WhenIdle::End)
      filter.except.push_back(task);
  }
  return filter;
}

Duration Worker::until_next_retry(Duration at_most) const {
  const Timestamp now = clock_.now();
  for (const auto& [task, failure] : failures_) {
    if (failure.again_at > now) at_most = std::min(at_most, failure.again_at - now);
  }
  return at_most;
}

void Worker::recover_sometimes() {
  if (!hooks_.recover) return;
  const Timestamp now = clock_.now();
  if (recovered_at_ && now - *recovered_at_ < recovery_interval) return;
  recovered_at_ = now;
  hooks_.recover();
}

void Worker::status(SessionStatus status, const std::string& note) {
  if (hooks_.on_status) hooks_.on_status(status, run_, note);
}

void Worker::say(const std::string& text) const {
  if (hooks_.on_message) hooks_.on_message(text);
}

}  // namespace changeling::work
