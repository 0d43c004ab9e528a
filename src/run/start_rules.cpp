#include "run/start_rules.hpp"

#include <fmt/format.h>

#include "run/halt.hpp"
#include "run/spending.hpp"

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

std::optional<std::string> refuse_start(const Services& services, const store::Snapshot& snapshot,
                                        const std::vector<store::RunRecord>& runs,
                                        const store::RunRecord& record, const StartTerms& terms) {
  if (const auto halt = find_halt(services.repository, services.places, snapshot))
    return fmt::format("{}; to undo: {}", halt->reason, halt->undo);
  if (const auto* other = run_for_time(runs, record)) {
    return fmt::format("run {} on {} is for {} already", other->id, other->host,
                       format_timestamp(*other->scheduled_for));
  }
  return broken_cap(services.caps, terms.daily_budget_usd, runs, record, services.clock.now());
}

}  // namespace changeling::run
