#include "triggers/due.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changeling::triggers {
namespace {

using store::RunRecord;
using store::RunStatus;

constexpr Duration grace = std::chrono::minutes(5);
constexpr std::size_t most_missed = 24;

bool is_running(const ScheduleFacts& facts, const RunRecord& run) {
  return run.status == RunStatus::Running && !(facts.is_dead && facts.is_dead(run));
}

bool was_under_way(const ScheduleFacts& facts, const RunRecord& run, Timestamp time) {
  if (run.started_at > time || run.scheduled_for == time) return false;
  if (run.status == RunStatus::Running) return is_running(facts, run);
  return run.ended_at && *run.ended_at > time;
}

/// The moment from which times count, not itself included.
Timestamp start_of_counting(const ScheduleFacts& facts) {
  Timestamp start = facts.approved_at.value_or(Timestamp{});
  for (const RunRecord& run : facts.runs) {
    if (run.scheduled_for) start = std::max(start, *run.scheduled_for);
  }
  return start;
}

const RunRecord* run_at(const ScheduleFacts& facts, Timestamp time) {
  for (const RunRecord& run : facts.runs) {
    if (was_under_way(facts, run, time)) return &run;
  }
  return nullptr;
}

struct Missed {
  std::vector<Timestamp> times;        ///< Newest first; those that a run stood in the way of are left out.
  const RunRecord* blocker = nullptr;  ///< The run that the newest left-out time fell into.
};

Missed missed_times(const ScheduleFacts& facts, Timestamp now) {
  const Timestamp start = start_of_counting(facts);
  const std::string& zone = facts.definition.timezone;
  Missed missed;
  auto time = facts.schedule.previous(now, zone);
  for (std::size_t seen = 0; time && *time > start && seen < most_missed; ++seen) {
    const RunRecord* run = facts.definition.overlap == OverlapPolicy::Skip ? run_at(facts, *time) : nullptr;
    if (run == nullptr) {
      missed.times.push_back(*time);
    } else if (missed.blocker == nullptr) {
      missed.blocker = run;
    }
    if (facts.definition.catch_up != CatchUpPolicy::All && !missed.times.empty()) break;
    time = facts.schedule.previous(*time - std::chrono::milliseconds(1), zone);
  }
  return missed;
}

/// The time to run now, if catching up allows it.
std::optional<Timestamp> choose(const ScheduleFacts& facts, const Missed& missed, Timestamp now) {
  if (missed.times.empty()) return std::nullopt;
  if (facts.definition.catch_up == CatchUpPolicy::All) return missed.times.back();
  const Timestamp newest = missed.times.front();
  if (facts.definition.catch_up == CatchUpPolicy::Last) return newest;
  // A time that waited for another run counts from that run's end.
  Timestamp since = newest;
  if (const RunRecord* run = run_at(facts, newest)) since = run->ended_at.value_or(now);
  return now - since <= grace ? std::optional(newest) : std::nullopt;
}

Decision waiting(const ScheduleFacts& facts, Timestamp now, std::string reason) {
  Decision decision;
  decision.next = facts.schedule.next(now, facts.definition.timezone);
  decision.reason = decision.next ? std::move(reason) : "its schedule has no time in the next eight years";
  return decision;
}

/// What keeps a time that has come from being started, or nothing.
std::string obstacle(const ScheduleFacts& facts) {
  if (std::string standing = standing_obstacle(facts); !standing.empty()) return standing;
  if (!facts.barrier.empty()) return facts.barrier;
  if (facts.definition.overlap == OverlapPolicy::Replace) return "";
  for (const RunRecord& run : facts.runs) {
    if (is_running(facts, run)) return fmt::format("waits for run {} to end", run.id);
  }
  return "";
}

std::string lateness(Timestamp scheduled, Timestamp now) {
  const Duration late = now - scheduled;
  if (late <= grace) return "its time has come";
  return fmt::format("missed {} ago, made up for", describe_duration(late));
}

}  // namespace

std::string standing_obstacle(const ScheduleFacts& facts) {
  if (!facts.elsewhere.empty()) return "runs on " + facts.elsewhere;
  if (!facts.approved_at)
    return fmt::format("not trusted on this machine: git changeling trust {}", facts.definition.name);
  return "";
}

std::optional<Timestamp> next_start(const ScheduleFacts& facts, Timestamp now) {
  if (!facts.definition.enabled) return std::nullopt;
  if (!facts.elsewhere.empty()) return facts.schedule.next(now, facts.definition.timezone);
  if (!facts.approved_at) return std::nullopt;
  if (!facts.barrier.empty() && !facts.barrier_until) return std::nullopt;
  ScheduleFacts free = facts;
  free.barrier.clear();
  const Timestamp from = facts.barrier.empty() ? now : std::max(now, *facts.barrier_until);
  const Decision then = decide(free, from);
  return then.verdict == Decision::Verdict::Due ? std::optional(from) : then.next;
}

Decision decide(const ScheduleFacts& facts, Timestamp now) {
  if (!facts.definition.enabled) return {Decision::Verdict::Waiting, std::nullopt, std::nullopt, "disabled"};
  if (!facts.elsewhere.empty()) return waiting(facts, now, standing_obstacle(facts));
  const Missed missed = missed_times(facts, now);
  const auto chosen = choose(facts, missed, now);
  if (!chosen) {
    if (missed.blocker != nullptr && missed.times.empty()) {
      return waiting(facts, now,
                     fmt::format("the last time fell into run {} and is skipped", missed.blocker->id));
    }
    if (missed.times.empty()) return waiting(facts, now, "nothing is due");
    Decision passed = waiting(facts, now, "missed times are not made up for");
    passed.passed_over = missed.times.front();
    return passed;
  }
  const auto next = facts.schedule.next(now, facts.definition.timezone);
  const std::string reason = obstacle(facts);
  if (!reason.empty()) return {Decision::Verdict::HeldBack, chosen, next, reason};
  return {Decision::Verdict::Due, chosen, next, lateness(*chosen, now)};
}

}  // namespace changeling::triggers
