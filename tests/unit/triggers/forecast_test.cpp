#include "triggers/forecast.hpp"

#include <doctest/doctest.h>

#include "../listed_runs.hpp"

using namespace changeling;
using changeling::testing::ListedRuns;
using changeling::triggers::expect_run;

namespace {

store::RunRecord run_of(int seconds, std::optional<double> cost) {
  store::RunRecord run;
  run.changeling = "fairy";
  run.status = store::RunStatus::Finished;
  run.duration = std::chrono::seconds(seconds);
  run.cost_usd = cost;
  return run;
}

}  // namespace

TEST_CASE("without history nothing is expected") {
  CHECK_FALSE(expect_run(ListedRuns(), "fairy").duration);
  CHECK_FALSE(expect_run(ListedRuns({run_of(1, 1.0)}), "troll").cost_usd);
}

TEST_CASE("medians of the last ten finished runs") {
  std::vector<store::RunRecord> runs{run_of(9, 0.9), run_of(1, std::nullopt), run_of(5, 0.1)};
  CHECK(expect_run(ListedRuns(runs), "fairy").duration == std::chrono::seconds(5));
  CHECK(expect_run(ListedRuns(runs), "fairy").cost_usd == 0.1);
  runs.push_back(run_of(7, 0.5));
  CHECK(expect_run(ListedRuns(runs), "fairy").duration == std::chrono::seconds(5));
  CHECK(expect_run(ListedRuns(runs), "fairy").cost_usd == 0.5);
  runs.insert(runs.begin(), 10, run_of(100, 2.0));
  CHECK(expect_run(ListedRuns(runs), "fairy").duration == std::chrono::seconds(100));
  CHECK(expect_run(ListedRuns(runs), "fairy").cost_usd == 2.0);
}

TEST_CASE("runs under way and runs of tasks tell nothing") {
  std::vector<store::RunRecord> runs{run_of(9, 0.9), run_of(1, 0.1)};
  runs[0].status = store::RunStatus::Running;
  runs[1].task = "bcdf2345";
  CHECK_FALSE(expect_run(ListedRuns(runs), "fairy").duration);
}
