#pragma once

#include <optional>
#include <string>

#include "changeling/definition.hpp"
#include "project/start_limits.hpp"
#include "store/run_history.hpp"

namespace changeling::run {

/// Midnight today and on the first of the month, by the machine's clock and zone.
struct SpendingPeriods {
  Timestamp day{};
  Timestamp month{};
};
SpendingPeriods spending_periods(Timestamp now);

/// What the agents have told since the beginning of each period.
struct Spent {
  double day = 0;
  double month = 0;
};
Spent known_spending(const store::RunHistory& runs, Timestamp now);

/// What to set aside for a run. An agent notices its budget only after having passed it, so that is the
/// budget and a quarter; without a budget, the most that one of the last twenty runs has cost.
double reservation(const Definition& definition, const store::RunHistory& earlier_runs);

/// Which cap the run `next` could break, as a sentence; nothing when it fits into all of them. A run under
/// way, and one that ended without telling its cost, count as what was set aside for them.
std::optional<std::string> broken_cap(const project::SpendingCaps& caps, double changeling_day,
                                      const store::RunHistory& runs, const store::RunRecord& next,
                                      Timestamp now);

}  // namespace changeling::run
