#include "run/cooldown.hpp"

#include <doctest/doctest.h>

#include "../listed_runs.hpp"

using namespace changeling;
using changeling::run::pause_after_failures;
using store::Outcome;

namespace {

constexpr Duration first_pause = std::chrono::hours(1);
const Timestamp noon = parse_timestamp("2026-11-20T12:00:00Z");

/// Runs that ended an hour apart, the newest at noon.
std::vector<store::RunRecord> history(const std::vector<Outcome>& newest_first) {
  std::vector<store::RunRecord> runs;
  for (const Outcome outcome : newest_first) {
    store::RunRecord run;
    run.id = "some-run";
    run.changeling = "fairy";
    run.status = store::RunStatus::Finished;
    run.outcome = outcome;
    run.ended_at = noon - std::chrono::hours(runs.size());
    run.started_at = *run.ended_at - std::chrono::minutes(1);
    runs.push_back(std::move(run));
  }
  return runs;
}

/// Hours of pause counted from noon; 0 for none.
std::int64_t pause_hours(const std::vector<store::RunRecord>& runs) {
  const auto pause = pause_after_failures(testing::ListedRuns(runs), "fairy", first_pause, noon);
  return pause ? std::chrono::duration_cast<std::chrono::hours>(pause->until - noon).count() : 0;
}

}  // namespace

TEST_CASE("pauses begin with the second failure in a row, double, and end at a week") {
  CHECK(pause_hours({}) == 0);
  CHECK(pause_hours(history({Outcome::Failed})) == 0);
  CHECK(pause_hours(history({Outcome::Failed, Outcome::TimedOut})) == 1);
  CHECK(pause_hours(history({Outcome::Denied, Outcome::Failed, Outcome::Stalled})) == 2);
  CHECK(pause_hours(history(std::vector<Outcome>(6, Outcome::VerificationFailed))) == 16);
  CHECK(pause_hours(history(std::vector<Outcome>(60, Outcome::OverBudget))) == 7 * 24);
}

TEST_CASE("a success ends the row; being stopped neither ends nor lengthens it") {
  CHECK(pause_hours(history({Outcome::Failed, Outcome::NoChanges, Outcome::Failed, Outcome::Failed})) == 0);
  CHECK(pause_hours(history({Outcome::OpenedPr, Outcome::Failed, Outcome::Failed})) == 0);
  CHECK(pause_hours(history({Outcome::Failed, Outcome::Killed, Outcome::LostLease, Outcome::Failed})) == 1);
}

TEST_CASE("an outage of the network or the forge is no failure of the changeling") {
  auto runs = history({Outcome::Failed, Outcome::Failed, Outcome::Failed});
  for (store::RunRecord& run : runs) run.outage = true;
  CHECK(pause_hours(runs) == 0);
  runs.back().outage = false;
  runs.push_back(history({Outcome::Failed}).front());
  CHECK_FALSE(store::is_failure(runs.front()));
  CHECK(store::is_failure(runs.back()));
}

TEST_CASE("a pause is over at its end, and can be turned off") {
  const auto runs = history({Outcome::Failed, Outcome::Failed});
  CHECK(
      pause_after_failures(testing::ListedRuns(runs), "fairy", first_pause, noon + std::chrono::minutes(59)));
  CHECK_FALSE(
      pause_after_failures(testing::ListedRuns(runs), "fairy", first_pause, noon + std::chrono::hours(1)));
  CHECK_FALSE(pause_after_failures(testing::ListedRuns(runs), "fairy", Duration(0), noon));
  CHECK(pause_after_failures(testing::ListedRuns(runs), "fairy", std::chrono::minutes(5), noon)->until ==
        noon + std::chrono::minutes(5));
}

TEST_CASE("only the changeling's own runs count, and not those of tasks") {
  auto runs = history({Outcome::Failed, Outcome::Failed});
  CHECK_FALSE(pause_after_failures(testing::ListedRuns(runs), "troll", first_pause, noon));
  runs.front().task = "bcdf2345";
  CHECK_FALSE(pause_after_failures(testing::ListedRuns(runs), "fairy", first_pause, noon));
}
