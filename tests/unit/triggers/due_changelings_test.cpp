#include "triggers/due_changelings.hpp"

#include <doctest/doctest.h>

#include "scheduled_place.hpp"
#include "store/deployment_record.hpp"

using namespace changeling;
using namespace changeling::triggers;
using testing::at;
using Verdict = Decision::Verdict;

namespace {

const Timestamp noon = at("2026-11-20T12:00:00Z");

DueChangeling only_one(testing::ScheduledPlace& place) {
  const auto judged = judge_schedules(place.project, noon);
  REQUIRE(judged.size() == 1);
  return judged.front();
}

}  // namespace

TEST_CASE("only changelings with a schedule are judged, by name") {
  testing::ScheduledPlace place(
      "[changelings.zeta]\nrun = \"true\"\nschedule = \"0 3 * * *\"\n"
      "[changelings.manual]\nrun = \"true\"\n"
      "[changelings.alpha]\nrun = \"true\"\nschedule = \"0 4 * * *\"\n");
  const auto judged = judge_schedules(place.project, noon);
  REQUIRE(judged.size() == 2);
  CHECK(judged[0].definition.name == "alpha");
  CHECK(judged[1].definition.name == "zeta");
}

TEST_CASE("schedules are those of the base branch, whatever is tried out in the work tree") {
  testing::ScheduledPlace place;
  place.write_definitions("[changelings.other]\nrun = \"true\"\nschedule = \"0 3 * * *\"\n");
  CHECK(only_one(place).definition.name == "nightly");
}

TEST_CASE("a schedule that nobody has approved is held back, and cannot start") {
  testing::ScheduledPlace place;
  const DueChangeling due = only_one(place);
  CHECK_FALSE(due.trusted);
  CHECK(due.decision.verdict == Verdict::HeldBack);
  CHECK(due.standing_obstacle == "not trusted on this machine: git changeling trust nightly");
  CHECK_FALSE(due.next_start.has_value());
}

TEST_CASE("times count from the approval") {
  testing::ScheduledPlace place;
  place.approve("nightly", "2026-11-20T02:00:00Z");
  CHECK(only_one(place).decision.verdict == Verdict::Due);
  CHECK(only_one(place).next_start == noon);
  place.approve("nightly", "2026-11-20T04:00:00Z");
  CHECK(only_one(place).decision.verdict == Verdict::Waiting);
  CHECK(only_one(place).next_start == at("2026-11-21T03:00:00Z"));
}

TEST_CASE("a changeling that is switched off waits, and says so") {
  testing::ScheduledPlace place(std::string(testing::nightly_definition) + "enabled = false\n");
  place.approve("nightly", "2026-11-18T15:00:00Z");
  CHECK(only_one(place).decision.verdict == Verdict::Waiting);
  CHECK(only_one(place).decision.reason == "disabled");
}

TEST_CASE("a halt is a barrier that somebody has to lift") {
  testing::ScheduledPlace place;
  place.approve("nightly", "2026-11-18T15:00:00Z");
  place.halt();
  const DueChangeling due = only_one(place);
  CHECK(due.decision.verdict == Verdict::HeldBack);
  CHECK(due.barrier.find("switched off") != std::string::npos);
  CHECK_FALSE(due.barrier_until.has_value());
  CHECK(why_held_back(due) == due.barrier);
}

TEST_CASE("what is deployed elsewhere is not due here") {
  testing::ScheduledPlace place;
  place.approve("nightly", "2026-11-18T15:00:00Z");
  place.project.store().update({"deploy", "test", {}}, [](const store::Snapshot&, store::Change& change) {
    store::DeploymentRecord deployment;
    deployment.changeling = "nightly";
    store::write_deployment(change, deployment);
  });
  const DueChangeling due = only_one(place);
  CHECK(due.decision.verdict == Verdict::Waiting);
  CHECK(due.standing_obstacle.starts_with("runs on "));
}

TEST_CASE("a changeling that cannot be resolved does not keep the others from their times") {
  testing::ScheduledPlace place(std::string(testing::nightly_definition) +
                                "[changelings.broken]\ntemplate = \"nobody-knows\"\n");
  const auto judged = judge_schedules(place.project, noon);
  REQUIRE(judged.size() == 2);
  CHECK(judged[0].definition.name == "broken");
  CHECK(judged[0].decision.verdict == Verdict::Waiting);
  CHECK(judged[0].decision.reason.find("nobody-knows") != std::string::npos);
  CHECK(judged[1].decision.verdict == Verdict::HeldBack);
}

TEST_CASE("nothing is said to be held back that is switched off or not trusted, as both are told elsewhere") {
  DueChangeling due;
  due.decision.verdict = Verdict::HeldBack;
  due.decision.reason = "waits for run abc234 to end";
  due.barrier = "a cap is reached";
  CHECK(why_held_back(due) == "a cap is reached");
  due.barrier.clear();
  CHECK(why_held_back(due) == "waits for run abc234 to end");
  due.trusted = false;
  CHECK(why_held_back(due).empty());
  due.trusted = true;
  due.definition.enabled = false;
  CHECK(why_held_back(due).empty());
}

TEST_CASE("what waits for its time is not held back, unless it can never start") {
  DueChangeling due;
  due.decision.reason = "nothing is due";
  due.next_start = noon;
  CHECK(why_held_back(due).empty());
  due.next_start.reset();
  CHECK(why_held_back(due) == "nothing is due");
}

TEST_CASE("those that the same reason holds back share a line") {
  CHECK(held_back_lines({{"a cap", {"one"}}, {"halted", {"two", "three"}}}, "  ") ==
        "  one is held back: a cap\n  two, three are held back: halted\n");
  CHECK(held_back_lines({}, "").empty());
}
