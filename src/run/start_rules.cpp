#include "run/start_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/halt.hpp"

namespace changeling::run {
namespace {

/// A time of the schedule is run once. Later ones count, too: it has been decided to leave this one out.
const store::RunRecord* run_for_time(const std::vector<store::RunRecord>& runs,
                                     const store::RunRecord& record) {
  if (!record.scheduled_for) return nullptr;
  for (const store::RunRecord& run : runs) {
    const bool same = run.changeling == record.changeling && run.task.empty();
    if (same && run.scheduled_for && *run.scheduled_for >= *record.scheduled_for) return &run;
  }
  return nullptr;
}

}  // namespace

bool is_unattended(std::string_view trigger) {
  return trigger != "manual" && trigger != "retry" && trigger != "task";
}

std::optional<std::string> find_barrier(const StartGround& ground, const store::RunRecord& record,
                                        double daily_budget_usd) {
  if (const auto halt = find_halt(ground.repository, ground.places, ground.snapshot))
    return fmt::format("{}; to undo: {}", halt->reason, halt->undo);
  if (is_unattended(record.trigger)) {
    const auto pause =
        pause_after_failures(ground.runs, record.changeling, ground.limits.first_pause, ground.now);
    if (pause) {
      return fmt::format("{} pauses until {} after {} failures in a row", record.changeling,
                         format_timestamp(pause->until), pause->failures);
    }
  }
  return broken_cap(ground.limits.caps, daily_budget_usd, ground.runs, record, ground.now);
}

std::optional<Timestamp> barrier_end(const StartGround& ground, const store::RunRecord& record,
                                     double daily_budget_usd) {
  if (find_halt(ground.repository, ground.places, ground.snapshot)) return std::nullopt;
  const SpendingPeriods periods = spending_periods(ground.now);
  // Far enough into the next one to be in it whatever the clocks of summer and winter do.
  std::vector<Timestamp> ends{spending_periods(periods.day + std::chrono::hours(36)).day,
                              spending_periods(periods.month + std::chrono::hours(24 * 32)).month};
  const auto pause =
      pause_after_failures(ground.runs, record.changeling, ground.limits.first_pause, ground.now);
  if (pause) ends.push_back(pause->until);
  std::sort(ends.begin(), ends.end());
  for (const Timestamp end : ends) {
    const StartGround then{ground.repository, ground.places, ground.limits,
                           ground.snapshot,   ground.runs,   end};
    if (!find_barrier(then, record, daily_budget_usd)) return end;
  }
  return std::nullopt;
}

std::optional<std::string> refuse_start(const StartGround& ground, const store::RunRecord& record,
                                        const StartTerms& terms) {
  if (auto barrier = find_barrier(ground, record, terms.daily_budget_usd)) return barrier;
  if (const auto* other = run_for_time(ground.runs, record)) {
    return fmt::format("run {} on {} is for {} already", other->id, other->host,
                       format_timestamp(*other->scheduled_for));
  }
  return std::nullopt;
}

}  // namespace changeling::run
