#include "run/targets.hpp"

#include <doctest/doctest.h>

#include "../listed_runs.hpp"

using namespace changeling;
using changeling::run::PullRequestFates;
using changeling::run::resting_targets;
using store::Outcome;

namespace {

const Timestamp noon = parse_timestamp("2026-11-20T12:00:00Z");

struct History {
  /// Each call is an older run than the one before.
  History& run(const std::string& target, int days_ago, Outcome outcome, std::int64_t pull_request = 0) {
    store::RunRecord run;
    run.id = "some-run";
    run.changeling = "fairy";
    run.status = store::RunStatus::Finished;
    run.outcome = outcome;
    run.target = target;
    run.started_at = noon - std::chrono::days(days_ago);
    run.ended_at = run.started_at;
    if (pull_request > 0) run.pull_request = store::PullRequestReference{pull_request, "", "open"};
    runs.push_back(std::move(run));
    return *this;
  }
  std::string rest(const PullRequestFates& fates = {}) const {
    const auto resting = resting_targets(testing::ListedRuns(runs), "fairy", fates, noon);
    return resting.empty() ? "" : resting.front().reason;
  }

  std::vector<store::RunRecord> runs;
};

}  // namespace

TEST_CASE("failures keep a target at rest, doubled each time, 32 days at most") {
  CHECK(History().run("a.c", 0, Outcome::Failed).rest() == "failed once, left alone until 2026-11-21");
  CHECK(History().run("a.c", 1, Outcome::Failed).rest() == "");
  CHECK(History().run("a.c", 1, Outcome::TimedOut).run("a.c", 3, Outcome::Failed).rest() ==
        "failed 2 times, left alone until 2026-11-21");
  History many;
  for (int count = 0; count < 20; ++count) many.run("a.c", count, Outcome::VerificationFailed);
  CHECK(many.rest() == "failed 20 times, left alone until 2026-12-22");
  CHECK(History().run("a.c", 0, Outcome::Killed).rest() == "");
  CHECK(History().run("a.c", 0, Outcome::NoChanges).rest() == "");
}

TEST_CASE("an open pull request keeps its target at rest, whatever failed before or after") {
  History history;
  history.run("a.c", 0, Outcome::Failed).run("a.c", 90, Outcome::OpenedPr, 7);
  CHECK(history.rest({{7}, {}}) == "pull request 7 is open");
}

TEST_CASE("a rejection counts for 30 days, the next one for 60; runs on one pull request count once") {
  History once;
  once.run("a.c", 20, Outcome::UpdatedPr, 7).run("a.c", 21, Outcome::OpenedPr, 7);
  CHECK(once.rest({{}, {7}}) == "rejected once, left alone until 2026-11-30");
  CHECK(History().run("a.c", 30, Outcome::OpenedPr, 7).rest({{}, {7}}) == "");
  History twice;
  twice.run("a.c", 31, Outcome::OpenedPr, 9).run("a.c", 70, Outcome::OpenedPr, 7);
  CHECK(twice.rest({{}, {7, 9}}) == "rejected 2 times, left alone until 2026-12-19");
}

TEST_CASE("a merge forgets what was before") {
  History history;
  history.run("a.c", 0, Outcome::OpenedPr, 9).run("a.c", 1, Outcome::OpenedPr, 7);
  CHECK(history.rest({{}, {7}}) == "was merged just now");
  History older;
  older.run("a.c", 2, Outcome::OpenedPr, 9).run("a.c", 3, Outcome::OpenedPr, 7);
  CHECK(older.rest({{}, {7}}) == "");
  History failed_since;
  failed_since.run("a.c", 0, Outcome::Failed)
      .run("a.c", 2, Outcome::OpenedPr, 9)
      .run("a.c", 3, Outcome::Failed);
  CHECK(failed_since.rest() == "failed once, left alone until 2026-11-21");
}

TEST_CASE(
    "targets are told apart, the newest first; tasks, other changelings and runs without one do not count") {
  History history;
  history.run("b.c", 0, Outcome::Failed).run("a.c", 0, Outcome::Failed).run("", 0, Outcome::Failed);
  history.run("task", 0, Outcome::Failed).run("troll", 0, Outcome::Failed);
  history.runs[3].task = "bcdf2345";
  history.runs[4].changeling = "troll";
  const auto resting = resting_targets(testing::ListedRuns(history.runs), "fairy", {}, noon);
  REQUIRE(resting.size() == 2);
  CHECK(resting[0].target == "b.c");
  CHECK(resting[1].target == "a.c");
  for (int number = 0; number < 50; ++number) history.run("c" + std::to_string(number), 0, Outcome::Failed);
  CHECK(resting_targets(testing::ListedRuns(history.runs), "fairy", {}, noon).size() == 30);
}

TEST_CASE("a target's name is one short line that stays inside its quotes") {
  CHECK(run::target_name("  src/cache.c: never emptied \nmore\n") == "src/cache.c: never emptied");
  CHECK(run::target_name("a`b`\x1b[31m\tc") == "ab[31mc");
  CHECK(run::target_name("") == "");
  CHECK(run::target_name("\n\n") == "");
  std::string long_name(500, 'x');
  CHECK(run::target_name(long_name).size() == 200);
  long_name.replace(199, 2, "\xC3\xA4");
  CHECK(run::target_name(long_name) == long_name.substr(0, 199));
}
