#include "run/spending.hpp"

#include <fmt/format.h>

#include "support/local_clock.hpp"

namespace changeling::run {
namespace {

// Runs of Claude Code have ended up to a fifth above their limit.
constexpr double overshoot = 1.25;
constexpr std::size_t telling_runs = 20;
/// Sums of cents that do not come out even in binary must not break a cap.
constexpr double rounding = 1e-9;

std::optional<std::string> break_of(double cap, double counted, double needed, std::string_view whose) {
  const bool fits = counted + needed <= cap + rounding && counted < cap - rounding;
  if (fits) return std::nullopt;
  return fmt::format(
      "the cap of ${:.2f} for {} is reached: ${:.2f} spent or set aside, and this run may cost ${:.2f}", cap,
      whose, counted, needed);
}

}  // namespace

SpendingPeriods spending_periods(Timestamp now) {
  const std::tm today = local_calendar(now);
  std::tm first = today;
  first.tm_mday = 1;
  return {midnight_of(today), midnight_of(first)};
}

Spent known_spending(const store::RunHistory& runs, Timestamp now) {
  const SpendingPeriods periods = spending_periods(now);
  return {runs.spending(periods.day, std::nullopt).told, runs.spending(periods.month, std::nullopt).told};
}

double reservation(const Definition& definition, const store::RunHistory& earlier_runs) {
  if (definition.budget_usd > 0) return definition.budget_usd * overshoot;
  return earlier_runs.dearest(definition.name, telling_runs);
}

std::optional<std::string> broken_cap(const project::SpendingCaps& caps, double changeling_day,
                                      const store::RunHistory& runs, const store::RunRecord& next,
                                      Timestamp now) {
  const SpendingPeriods periods = spending_periods(now);
  std::optional<std::string> broken;
  if (changeling_day > 0) {
    broken = break_of(changeling_day, runs.spending(periods.day, next.changeling).counted, next.reserved_usd,
                      next.changeling + " today");
  }
  if (!broken && caps.repository_day) {
    broken = break_of(*caps.repository_day, runs.spending(periods.day, std::nullopt).counted,
                      next.reserved_usd, "this repository today");
  }
  if (!broken && caps.repository_month) {
    broken = break_of(*caps.repository_month, runs.spending(periods.month, std::nullopt).counted,
                      next.reserved_usd, "this repository this month");
  }
  return broken;
}

}  // namespace changeling::run
