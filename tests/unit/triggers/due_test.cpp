#include "triggers/due.hpp"

#include <doctest/doctest.h>

using namespace changeling;
using changeling::triggers::decide;
using changeling::triggers::Decision;
using changeling::triggers::ScheduleFacts;
using Verdict = Decision::Verdict;

namespace {

Timestamp at(const char* time) {
  return parse_timestamp(time);
}

/// Every night at three, approved in the afternoon of the 18th.
ScheduleFacts nightly() {
  ScheduleFacts facts;
  facts.definition.name = "fairy";
  facts.definition.timezone = "UTC";
  facts.schedule = schedule::CronExpression::parse("0 3 * * *");
  facts.approved_at = at("2026-11-18T15:00:00Z");
  return facts;
}

store::RunRecord run_of(const char* scheduled_for, const char* started, const char* ended) {
  store::RunRecord run;
  run.id = "some-run";
  run.changeling = "fairy";
  if (scheduled_for != nullptr) run.scheduled_for = at(scheduled_for);
  run.started_at = at(started);
  if (ended != nullptr) {
    run.status = store::RunStatus::Finished;
    run.ended_at = at(ended);
  }
  return run;
}

void check_due(const Decision& decision, const char* time) {
  REQUIRE_MESSAGE(decision.verdict == Verdict::Due, decision.reason);
  REQUIRE(decision.scheduled_for);
  CHECK(format_timestamp(*decision.scheduled_for) == format_timestamp(at(time)));
}

void check_waiting(const Decision& decision, const char* next, const std::string& reason) {
  REQUIRE(decision.verdict == Verdict::Waiting);
  CHECK(decision.reason == reason);
  REQUIRE(decision.next);
  CHECK(format_timestamp(*decision.next) == format_timestamp(at(next)));
}

}  // namespace

TEST_CASE("a time is due from its own moment on, once") {
  ScheduleFacts facts = nightly();
  check_waiting(decide(facts, at("2026-11-19T02:59:59Z")), "2026-11-19T03:00:00Z", "nothing is due");
  check_due(decide(facts, at("2026-11-19T03:00:00Z")), "2026-11-19T03:00:00Z");
  facts.runs = {run_of("2026-11-19T03:00:00Z", "2026-11-19T03:00:20Z", "2026-11-19T03:04:00Z")};
  check_waiting(decide(facts, at("2026-11-19T03:05:00Z")), "2026-11-20T03:00:00Z", "nothing is due");
  check_due(decide(facts, at("2026-11-20T03:00:30Z")), "2026-11-20T03:00:00Z");
}

TEST_CASE("what was before the approval does not count") {
  check_waiting(decide(nightly(), at("2026-11-18T23:00:00Z")), "2026-11-19T03:00:00Z", "nothing is due");
  ScheduleFacts facts = nightly();
  facts.approved_at = at("2026-11-19T03:00:00Z");
  check_waiting(decide(facts, at("2026-11-19T03:00:00Z")), "2026-11-20T03:00:00Z", "nothing is due");
}

TEST_CASE("missed times are made up for as the policy says") {
  ScheduleFacts facts = nightly();
  const Timestamp morning_of_the_23rd = at("2026-11-23T08:00:00Z");
  SUBCASE("last") {
    const Decision decision = decide(facts, morning_of_the_23rd);
    check_due(decision, "2026-11-23T03:00:00Z");
    CHECK(decision.reason == "missed 5h00m ago, made up for");
  }
  SUBCASE("all: the oldest first, and each needs its own run") {
    facts.definition.catch_up = CatchUpPolicy::All;
    check_due(decide(facts, morning_of_the_23rd), "2026-11-19T03:00:00Z");
    facts.runs = {run_of("2026-11-19T03:00:00Z", "2026-11-23T08:00:00Z", "2026-11-23T08:02:00Z")};
    check_due(decide(facts, at("2026-11-23T08:03:00Z")), "2026-11-20T03:00:00Z");
  }
  SUBCASE("all, but no flood") {
    facts.definition.catch_up = CatchUpPolicy::All;
    facts.schedule = schedule::CronExpression::parse("*/10 * * * *");
    check_due(decide(facts, morning_of_the_23rd), "2026-11-23T04:10:00Z");
  }
  SUBCASE("none") {
    facts.definition.catch_up = CatchUpPolicy::None;
    check_waiting(decide(facts, morning_of_the_23rd), "2026-11-24T03:00:00Z",
                  "missed times are not made up for");
    CHECK(decide(facts, morning_of_the_23rd).passed_over == at("2026-11-23T03:00:00Z"));
    CHECK_FALSE(decide(facts, at("2026-11-23T03:05:00Z")).passed_over);
    check_due(decide(facts, at("2026-11-23T03:05:00Z")), "2026-11-23T03:00:00Z");
    CHECK(decide(facts, at("2026-11-23T03:05:00.001Z")).verdict == Verdict::Waiting);
  }
}

TEST_CASE("a time that comes while a run is under way") {
  ScheduleFacts facts = nightly();
  // Started by hand, two minutes before the time.
  facts.runs = {run_of(nullptr, "2026-11-19T02:58:00Z", nullptr)};
  const Timestamp meanwhile = at("2026-11-19T03:01:00Z");
  const auto ended = [&](const char* time) { facts.runs = {run_of(nullptr, "2026-11-19T02:58:00Z", time)}; };
  SUBCASE("is passed over with skip, also afterwards") {
    check_waiting(decide(facts, meanwhile), "2026-11-20T03:00:00Z",
                  "the last time fell into run some-run and is skipped");
    ended("2026-11-19T03:10:00Z");
    check_waiting(decide(facts, at("2026-11-19T03:11:00Z")), "2026-11-20T03:00:00Z",
                  "the last time fell into run some-run and is skipped");
  }
  SUBCASE("waits with queue") {
    facts.definition.overlap = OverlapPolicy::Queue;
    const Decision decision = decide(facts, meanwhile);
    CHECK(decision.verdict == Verdict::HeldBack);
    CHECK(decision.reason == "waits for run some-run to end");
    ended("2026-11-19T03:10:00Z");
    check_due(decide(facts, at("2026-11-19T03:11:00Z")), "2026-11-19T03:00:00Z");
    facts.definition.catch_up = CatchUpPolicy::None;
    check_due(decide(facts, at("2026-11-19T03:11:00Z")), "2026-11-19T03:00:00Z");
    CHECK(decide(facts, at("2026-11-19T03:16:00Z")).verdict == Verdict::Waiting);
  }
  SUBCASE("is due at once with replace") {
    facts.definition.overlap = OverlapPolicy::Replace;
    check_due(decide(facts, meanwhile), "2026-11-19T03:00:00Z");
  }
  SUBCASE("is due when the run has died") {
    facts.is_dead = [](const store::RunRecord&) { return true; };
    check_due(decide(facts, meanwhile), "2026-11-19T03:00:00Z");
  }
  SUBCASE("is due when the run was over by then") {
    ended("2026-11-19T03:00:00Z");
    check_due(decide(facts, meanwhile), "2026-11-19T03:00:00Z");
  }
}

TEST_CASE("an earlier missed time waits for a run that began after it") {
  ScheduleFacts facts = nightly();
  facts.runs = {run_of(nullptr, "2026-11-19T08:00:00Z", nullptr)};
  const Decision decision = decide(facts, at("2026-11-19T08:01:00Z"));
  CHECK(decision.verdict == Verdict::HeldBack);
  CHECK(format_timestamp(*decision.scheduled_for) == "2026-11-19T03:00:00.000Z");
  facts.runs = {run_of(nullptr, "2026-11-19T08:00:00Z", "2026-11-19T08:02:00Z")};
  check_due(decide(facts, at("2026-11-19T08:03:00Z")), "2026-11-19T03:00:00Z");
}

TEST_CASE("what stands in the way of a time is said, and only then") {
  ScheduleFacts facts = nightly();
  const Timestamp due = at("2026-11-19T03:00:00Z");
  SUBCASE("no approval") {
    facts.approved_at.reset();
    const Decision decision = decide(facts, due);
    CHECK(decision.verdict == Verdict::HeldBack);
    CHECK(decision.reason == "not trusted on this machine: git changeling trust fairy");
  }
  SUBCASE("a cap, a pause, the switch") {
    facts.barrier = "the cap is reached";
    CHECK(decide(facts, due).reason == "the cap is reached");
    CHECK(decide(facts, at("2026-11-19T02:00:00Z")).verdict == Verdict::Waiting);
  }
  SUBCASE("another place") {
    facts.elsewhere = "github-actions";
    check_waiting(decide(facts, due), "2026-11-20T03:00:00Z", "runs on github-actions");
  }
  SUBCASE("being disabled") {
    facts.definition.enabled = false;
    const Decision decision = decide(facts, due);
    CHECK(decision.verdict == Verdict::Waiting);
    CHECK_FALSE(decision.next);
    CHECK(decision.reason == "disabled");
  }
}

TEST_CASE("a schedule without times is said") {
  ScheduleFacts facts = nightly();
  facts.schedule = schedule::CronExpression::parse("0 0 30 2 *");
  const Decision decision = decide(facts, at("2026-11-19T03:00:00Z"));
  CHECK(decision.verdict == Verdict::Waiting);
  CHECK_FALSE(decision.next);
  CHECK(decision.reason == "its schedule has no time in the next eight years");
}

TEST_CASE("the clock of the changeling's zone decides, also where an hour is left out or comes twice") {
  ScheduleFacts facts = nightly();
  facts.definition.timezone = "Europe/Berlin";
  facts.schedule = schedule::CronExpression::parse("30 2 * * *");
  facts.approved_at = at("2027-03-27T12:00:00Z");
  // 2027-03-28: 02:30 does not exist; 03:00 summer time is 01:00 UTC.
  CHECK(decide(facts, at("2027-03-28T00:59:00Z")).verdict == Verdict::Waiting);
  check_due(decide(facts, at("2027-03-28T01:00:00Z")), "2027-03-28T01:00:00Z");
  // 2027-10-31: 02:30 comes at 00:30 and at 01:30 UTC.
  facts.approved_at = at("2027-10-30T12:00:00Z");
  check_due(decide(facts, at("2027-10-31T00:30:00Z")), "2027-10-31T00:30:00Z");
  facts.runs = {run_of("2027-10-31T00:30:00Z", "2027-10-31T00:30:01Z", "2027-10-31T00:31:00Z")};
  CHECK(decide(facts, at("2027-10-31T01:30:00Z")).verdict == Verdict::Waiting);
}

TEST_CASE("when it can really start next") {
  using changeling::triggers::next_start;
  ScheduleFacts facts = nightly();
  facts.runs = {run_of("2026-11-19T03:00:00Z", "2026-11-19T03:00:20Z", "2026-11-19T03:04:00Z")};
  const Timestamp now = at("2026-11-19T12:00:00Z");
  const Timestamp tomorrow = at("2026-11-20T03:00:00Z");
  CHECK(next_start(facts, now) == tomorrow);
  SUBCASE("at once, when a time has come") {
    CHECK(next_start(facts, at("2026-11-20T03:00:30Z")) == at("2026-11-20T03:00:30Z"));
  }
  SUBCASE("a barrier that ends before the next time changes nothing") {
    facts.barrier = "pauses";
    facts.barrier_until = at("2026-11-19T18:00:00Z");
    CHECK(next_start(facts, now) == tomorrow);
  }
  SUBCASE("with the end of a barrier that a time falls into, where it is made up for") {
    facts.barrier = "pauses";
    facts.barrier_until = at("2026-11-20T18:00:00Z");
    facts.definition.catch_up = CatchUpPolicy::Last;
    CHECK(next_start(facts, now) == at("2026-11-20T18:00:00Z"));
    facts.definition.catch_up = CatchUpPolicy::None;
    CHECK(next_start(facts, now) == at("2026-11-21T03:00:00Z"));
  }
  SUBCASE("never, as things are") {
    SUBCASE("disabled") {
      facts.definition.enabled = false;
    }
    SUBCASE("not approved") {
      facts.approved_at.reset();
    }
    SUBCASE("switched off") {
      facts.barrier = "everything is switched off";
    }
    CHECK_FALSE(next_start(facts, now));
  }
  SUBCASE("elsewhere nothing here matters") {
    facts.elsewhere = "github-actions";
    facts.approved_at.reset();
    facts.barrier = "everything is switched off";
    CHECK(next_start(facts, now) == tomorrow);
  }
}
