#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "store/run_sums.hpp"

namespace changeling::report {

/// Runs added up. Costs are US dollars, as far as agents have told them.
struct Totals {
  std::int64_t runs = 0;
  std::int64_t running = 0;  ///< Of them, those that go on.
  std::int64_t untold = 0;   ///< Of them, those whose agent has told no cost.
  double cost_usd = 0;
  Duration duration{};
  std::map<store::Outcome, std::int64_t> outcomes;

  void add(const store::RunSum& sum);
};

/// One changeling over all days.
struct ChangelingTotals {
  std::string name;
  Totals totals;
  double dearest_day_usd = 0;
  std::map<std::string, double> usd_by_day = {};  ///< Of days on which it ran.
  std::optional<double> daily_cap_usd = {};       ///< What its definition allows for a day.
};

/// All changelings on one day.
struct DayTotals {
  std::string date;  ///< "2026-11-20", by this machine's clock.
  Totals totals;
};

struct AllTotals {
  Totals totals;
  std::vector<ChangelingTotals> changelings;  ///< The dearest first, then by name.
  std::vector<DayTotals> days;                ///< Oldest first.
};

/// `days` are all that the report is about, also those on which nothing ran; sums of other days are added.
AllTotals add_up(const std::vector<store::RunSum>& sums, const std::vector<std::string>& days);

}  // namespace changeling::report
