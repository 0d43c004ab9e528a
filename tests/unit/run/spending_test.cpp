#include "run/spending.hpp"

#include <doctest/doctest.h>

#include "../listed_runs.hpp"

using namespace changeling;
using changeling::project::SpendingCaps;
using changeling::run::broken_cap;
using changeling::run::reservation;
using changeling::testing::ListedRuns;

namespace {

const Timestamp noon = parse_timestamp("2026-11-20T12:00:00Z");

store::RunRecord finished(const std::string& changeling, Timestamp at, std::optional<double> cost,
                          double reserved = 0) {
  store::RunRecord run;
  run.id = "some-run";
  run.changeling = changeling;
  run.status = store::RunStatus::Finished;
  run.started_at = at;
  run.cost_usd = cost;
  run.reserved_usd = reserved;
  return run;
}

store::RunRecord next_run(const std::string& changeling, double reserved) {
  store::RunRecord run = finished(changeling, noon, std::nullopt, reserved);
  run.status = store::RunStatus::Running;
  return run;
}

}  // namespace

TEST_CASE("a run sets aside its budget and a quarter, or what the dearest of the last twenty has cost") {
  Definition definition;
  definition.name = "fairy";
  CHECK(reservation(definition, ListedRuns()) == 0);
  std::vector<store::RunRecord> runs{finished("fairy", noon, 0.4), finished("fairy", noon, std::nullopt),
                                     finished("troll", noon, 7.0), finished("fairy", noon, 0.9)};
  CHECK(reservation(definition, ListedRuns(runs)) == 0.9);
  runs.insert(runs.begin(), 20, finished("fairy", noon, 0.2));
  CHECK(reservation(definition, ListedRuns(runs)) == 0.2);
  definition.budget_usd = 2;
  CHECK(reservation(definition, ListedRuns(runs)) == 2.5);
}

TEST_CASE("without caps everything fits") {
  CHECK_FALSE(broken_cap({}, 0, ListedRuns({finished("fairy", noon, 1000.0)}), next_run("fairy", 500), noon));
}

TEST_CASE("each cap counts what belongs to it, and only since its period began") {
  const Timestamp yesterday = noon - std::chrono::hours(24);
  const Timestamp last_month = noon - std::chrono::hours(24 * 25);
  const std::vector<store::RunRecord> runs{finished("fairy", noon, 1.0), finished("troll", noon, 2.0),
                                           finished("fairy", yesterday, 4.0),
                                           finished("fairy", last_month, 100.0)};
  CHECK_FALSE(broken_cap({}, 2.0, ListedRuns(runs), next_run("fairy", 1.0), noon));
  const auto own = broken_cap({}, 1.9, ListedRuns(runs), next_run("fairy", 1.0), noon);
  REQUIRE(own);
  CHECK(*own ==
        "the cap of $1.90 for fairy today is reached: $1.00 spent or set aside, and this run may cost $1.00");
  CHECK_FALSE(broken_cap({4.0, std::nullopt}, 0, ListedRuns(runs), next_run("fairy", 1.0), noon));
  const auto day = broken_cap({3.9, std::nullopt}, 0, ListedRuns(runs), next_run("fairy", 1.0), noon);
  REQUIRE(day);
  CHECK(day->find("this repository today") != std::string::npos);
  CHECK_FALSE(broken_cap({std::nullopt, 8.0}, 0, ListedRuns(runs), next_run("fairy", 1.0), noon));
  const auto month = broken_cap({std::nullopt, 7.9}, 0, ListedRuns(runs), next_run("fairy", 1.0), noon);
  REQUIRE(month);
  CHECK(month->find("this repository this month") != std::string::npos);
}

TEST_CASE("a run under way, and one that told no cost, count as what was set aside for them") {
  store::RunRecord running = next_run("fairy", 2.5);
  const SpendingCaps caps{5.0, std::nullopt};
  CHECK_FALSE(broken_cap(caps, 0, ListedRuns({running}), next_run("troll", 2.5), noon));
  CHECK(broken_cap(caps, 0, ListedRuns({running, finished("fairy", noon, 0.01)}), next_run("troll", 2.5),
                   noon));
  CHECK(broken_cap(caps, 0, ListedRuns({running, finished("fairy", noon, std::nullopt, 0.01)}),
                   next_run("troll", 2.5), noon));
  running.status = store::RunStatus::Finished;
  running.cost_usd = 0.1;
  CHECK_FALSE(broken_cap(caps, 0, ListedRuns({running, finished("fairy", noon, 0.01)}),
                         next_run("troll", 2.5), noon));
}

TEST_CASE("a cap that is used up holds back also what sets nothing aside, and cents do not break it") {
  CHECK(broken_cap({1.0, std::nullopt}, 0, ListedRuns({finished("fairy", noon, 1.0)}), next_run("fairy", 0),
                   noon));
  CHECK(broken_cap({0.0, std::nullopt}, 0, ListedRuns(), next_run("fairy", 0), noon));
  const std::vector<store::RunRecord> cents(9, finished("fairy", noon, 0.1));
  CHECK_FALSE(broken_cap({1.0, std::nullopt}, 0, ListedRuns(cents), next_run("fairy", 0.1), noon));
}
