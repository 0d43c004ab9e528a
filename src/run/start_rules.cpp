#include "run/start_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "project/halt.hpp"
#include "project/outbox.hpp"
#include "run/cooldown.hpp"
#include "run/spending.hpp"
#include "support/files.hpp"

namespace changeling::run {
namespace {

/// Whether the entry holds the work that a run like `record` would do. A task of the own queue whose work
/// waits is in review; whoever has claimed it again is to do it again.
bool holds_same_work(const project::OutboxEntry& entry, const store::RunRecord& record) {
  if (!record.task.empty()) return entry.works_on == record.task && entry.task.empty();
  // A worker that asks before it has claimed a task cannot mean any.
  return record.trigger != task_trigger && entry.works_on.empty() &&
         entry.proposal.changeling == record.changeling;
}

/// Work that is done already and on its way out must not be done again.
std::optional<std::string> waiting_work(const project::Places& places, const store::RunRecord& record) {
  for (const project::OutboxEntry& entry : places.outbox().entries()) {
    const bool waits = project::is_undelivered(entry) && !is_locked(places.run(entry.proposal.run).lock());
    if (!waits || !holds_same_work(entry, record)) continue;
    return fmt::format("the work of run {} waits in the outbox ({}); git changeling sync sends it",
                       entry.proposal.run, entry.error.empty() ? "not sent yet" : entry.error);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_barrier(const StartGround& ground, const store::RunRecord& record,
                                        double daily_budget_usd) {
  if (const auto halt = project::find_halt(ground.repository, ground.places, ground.snapshot))
    return fmt::format("{}; to undo: {}", halt->reason, halt->undo);
  if (is_unattended(record.trigger)) {
    const auto pause =
        pause_after_failures(ground.runs, record.changeling, ground.limits.first_pause, ground.now);
    if (pause) {
      return fmt::format("{} pauses until {} after {} failures in a row", record.changeling,
                         format_timestamp(pause->until), pause->failures);
    }
  }
  if (auto waiting = waiting_work(ground.places, record)) return waiting;
  return broken_cap(ground.limits.caps, daily_budget_usd, ground.runs, record, ground.now);
}

std::optional<Timestamp> barrier_end(const StartGround& ground, const store::RunRecord& record,
                                     double daily_budget_usd) {
  if (project::find_halt(ground.repository, ground.places, ground.snapshot)) return std::nullopt;
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
  if (!record.scheduled_for) return std::nullopt;
  // A time of the schedule is run once. Later ones count, too: it has been decided to leave this one out.
  if (const auto other = ground.runs.run_for_time(record.changeling, *record.scheduled_for)) {
    return fmt::format("run {} on {} is for {} already", other->id, other->host,
                       format_timestamp(*other->scheduled_for));
  }
  return std::nullopt;
}

}  // namespace changeling::run
