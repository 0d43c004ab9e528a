#include "run/run_metrics.hpp"

#include <doctest/doctest.h>

#include "support/json.hpp"

using namespace changeling;
using run::Progress;
using run::RunMetrics;

namespace {

const RunMetrics::Moment begin{};

Progress progress(std::int64_t turns, double dollars) {
  Progress progress;
  progress.turns = turns;
  progress.cost_usd = dollars;
  progress.tokens = store::TokenUsage{10, 2, 3, 4};
  return progress;
}

}  // namespace

TEST_CASE("numbers of an agent are told when they have changed, and not too often") {
  RunMetrics metrics;
  CHECK_FALSE(metrics.due(begin));
  metrics.note(progress(1, 0.1));
  CHECK(metrics.due(begin)->turns == 1);
  CHECK_FALSE(metrics.due(begin + RunMetrics::least_pause));
  metrics.note(progress(2, 0.1));
  CHECK(metrics.due(begin + RunMetrics::least_pause)->turns == 2);
  metrics.note(progress(3, 0.1));
  metrics.note(progress(3, 0.2));
  CHECK_FALSE(metrics.due(begin + RunMetrics::least_pause + std::chrono::seconds(1)));
  CHECK(metrics.due(begin + 2 * RunMetrics::least_pause)->cost_usd == 0.2);
}

TEST_CASE("what an agent does besides is no news") {
  RunMetrics metrics;
  metrics.note(progress(1, 0.1));
  CHECK(metrics.due(begin));
  Progress later = progress(1, 0.1);
  later.activity = "Bash: make";
  metrics.note(later);
  CHECK_FALSE(metrics.due(begin + std::chrono::hours(1)));
}

TEST_CASE("the last numbers are told at the end, however soon it comes") {
  RunMetrics metrics;
  metrics.note(progress(1, 0.1));
  CHECK(metrics.due(begin));
  metrics.note(progress(2, 0.3));
  CHECK_FALSE(metrics.due(begin));
  CHECK(metrics.rest()->turns == 2);
  CHECK_FALSE(metrics.rest());
}

TEST_CASE("numbers are told by name, and null where the agent tells none") {
  CHECK(run::metrics_json({}) == Json{{"turns", nullptr}, {"cost_usd", nullptr}, {"tokens", nullptr}});
  const Json told = run::metrics_json(progress(2, 0.5));
  CHECK(told.at("turns") == 2);
  CHECK(told.at("cost_usd") == 0.5);
  CHECK(told.at("tokens") == Json{{"input", 10}, {"output", 2}, {"cache_read", 3}, {"cache_write", 4}});
}
