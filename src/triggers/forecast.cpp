#include "triggers/forecast.hpp"

#include <algorithm>
#include <vector>

namespace changeling::triggers {
namespace {

constexpr std::size_t telling_runs = 10;

/// The lower one of two in the middle.
template <typename Value>
std::optional<Value> median(std::vector<Value> values) {
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + std::ssize(values) / 2 - (values.size() % 2 == 0 ? 1 : 0);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

Expectation expect_run(const store::RunHistory& runs, const std::string& changeling) {
  std::vector<Duration> durations;
  std::vector<double> costs;
  for (const store::FinishedRun& run : runs.last_finished(changeling, telling_runs)) {
    if (run.duration) durations.push_back(*run.duration);
    if (run.cost_usd) costs.push_back(*run.cost_usd);
  }
  return {median(std::move(durations)), median(std::move(costs))};
}

}  // namespace changeling::triggers
