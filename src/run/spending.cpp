#include "run/spending.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace changeling::run {
namespace {

// Runs of Claude Code have ended up to a fifth above their limit.
constexpr double overshoot = 1.25;
constexpr std::size_t telling_runs = 20;
/// Sums of cents that do not come out even in binary must not break a cap.
constexpr double rounding = 1e-9;

double counted_cost(const store::RunRecord& run) {
  if (run.status == store::RunStatus::Finished && run.cost_usd) return *run.cost_usd;
  return std::max(run.reserved_usd, run.cost_usd.value_or(0));
}

template <typename Counts>
double sum_since(const std::vector<store::RunRecord>& runs, Timestamp start, const Counts& counts) {
  double sum = 0;
  for (const store::RunRecord& run : runs) {
    if (run.started_at >= start && counts(run)) sum += counted_cost(run);
  }
  return sum;
}

std::optional<std::string> break_of(double cap, double counted, double needed, std::string_view whose) {
  const bool fits = counted + needed <= cap + rounding && counted < cap - rounding;
  if (fits) return std::nullopt;
  return fmt::format(
      "the cap of ${:.2f} for {} is reached: ${:.2f} spent or set aside, and this run may cost ${:.2f}", cap,
      whose, counted, needed);
}

}  // namespace

SpendingPeriods spending_periods(Timestamp now) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm local{};
  localtime_r(&seconds, &local);
  local.tm_sec = local.tm_min = local.tm_hour = 0;
  local.tm_isdst = -1;
  std::tm first = local;
  first.tm_mday = 1;
  const auto at = [](std::tm day) {
    return std::chrono::floor<Duration>(std::chrono::system_clock::from_time_t(std::mktime(&day)));
  };
  return {at(local), at(first)};
}

Spent known_spending(const std::vector<store::RunRecord>& runs, Timestamp now) {
  const SpendingPeriods periods = spending_periods(now);
  Spent spent;
  for (const store::RunRecord& run : runs) {
    const double cost = run.cost_usd.value_or(0);
    if (run.started_at >= periods.day) spent.day += cost;
    if (run.started_at >= periods.month) spent.month += cost;
  }
  return spent;
}

double reservation(const Definition& definition, const std::vector<store::RunRecord>& earlier_runs) {
  if (definition.budget_usd > 0) return definition.budget_usd * overshoot;
  double most = 0;
  std::size_t seen = 0;
  for (const store::RunRecord& run : earlier_runs) {
    if (run.changeling != definition.name || !run.cost_usd) continue;
    most = std::max(most, *run.cost_usd);
    if (++seen == telling_runs) break;
  }
  return most;
}

std::optional<std::string> broken_cap(const SpendingCaps& caps, double changeling_day,
                                      const std::vector<store::RunRecord>& runs, const store::RunRecord& next,
                                      Timestamp now) {
  const SpendingPeriods periods = spending_periods(now);
  const auto all = [](const store::RunRecord&) { return true; };
  const auto of_changeling = [&](const store::RunRecord& run) { return run.changeling == next.changeling; };
  std::optional<std::string> broken;
  if (changeling_day > 0) {
    broken = break_of(changeling_day, sum_since(runs, periods.day, of_changeling), next.reserved_usd,
                      next.changeling + " today");
  }
  if (!broken && caps.repository_day) {
    broken = break_of(*caps.repository_day, sum_since(runs, periods.day, all), next.reserved_usd,
                      "this repository today");
  }
  if (!broken && caps.repository_month) {
    broken = break_of(*caps.repository_month, sum_since(runs, periods.month, all), next.reserved_usd,
                      "this repository this month");
  }
  return broken;
}

}  // namespace changeling::run
