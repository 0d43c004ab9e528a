#include "run/start_rules.hpp"

#include <doctest/doctest.h>

#include "../listed_runs.hpp"
#include "fixture.hpp"
#include "project/halt.hpp"
#include "project/outbox.hpp"
#include "run/live_run.hpp"
#include "run/spending.hpp"
#include "store/halt_record.hpp"

using namespace changeling;
using changeling::run::LiveRun;
using changeling::run::Skipped;
using changeling::testing::RunFixture;
using changeling::testing::running_record;

namespace {

struct RulesFixture : RunFixture {
  std::string refusal(const store::RunRecord& record, const run::StartTerms& terms = {}) const {
    const auto begun = LiveRun::begin(services(), {}, record, terms);
    const auto* skipped = std::get_if<Skipped>(&begun);
    return skipped == nullptr ? "" : skipped->reason;
  }
  std::size_t run_count() const { return store::read_runs(open->store.snapshot()).size(); }

  store::RunRecord scheduled(const std::string& id, const char* time) const {
    store::RunRecord record = running_record(id);
    record.trigger = "schedule";
    record.scheduled_for = parse_timestamp(time);
    return record;
  }
};

}  // namespace

TEST_CASE_FIXTURE(RulesFixture, "a time of the schedule is run once, and never after a later one") {
  REQUIRE(refusal(scheduled("run-one", "2026-11-20T03:00:00Z")).empty());
  const run::StartTerms beside{OverlapPolicy::Replace};
  CHECK(refusal(scheduled("run-two", "2026-11-20T03:00:00Z"), beside) ==
        "run run-one on test-host is for 2026-11-20T03:00:00.000Z already");
  CHECK(refusal(scheduled("run-two", "2026-11-19T03:00:00Z"), beside) != "");
  CHECK(run_count() == 1);
  CHECK(refusal(scheduled("run-two", "2026-11-21T03:00:00Z"), beside) == "");
  CHECK(run_count() == 2);
  store::RunRecord other = scheduled("run-tre", "2026-11-20T03:00:00Z");
  other.changeling = "troll";
  CHECK(refusal(other) == "");
  CHECK(refusal(running_record("run-for"), beside) == "");
}

TEST_CASE_FIXTURE(RulesFixture, "whatever switches everything off keeps runs from beginning") {
  SUBCASE("the shared state") {
    open->store.update(
        {"switch everything off", "halt", {}}, [](const store::Snapshot&, store::Change& change) {
          store::write_halt(change,
                            {parse_timestamp("2026-11-20T11:00:00Z"), "Ada <ada@example.com>", "the bill"});
        });
    CHECK(refusal(running_record("run-one")) ==
          "everything is switched off by Ada <ada@example.com> since 2026-11-20T11:00:00.000Z: the bill; to "
          "undo: git changeling enable --all");
    open->store.update({"switch everything on", "unhalt", {}},
                       [](const store::Snapshot&, store::Change& change) { store::remove_halt(change); });
  }
  SUBCASE("a damaged record of it") {
    open->store.update(
        {"switch everything off", "halt", {}},
        [](const store::Snapshot&, store::Change& change) { change.write("halt.json", "{\"since\": "); });
    CHECK(refusal(running_record("run-one")).starts_with("everything is switched off;"));
    open->store.update({"switch everything on", "unhalt", {}},
                       [](const store::Snapshot&, store::Change& change) { store::remove_halt(change); });
  }
  SUBCASE("the configuration") {
    open->repository.set_config("changeling.disabled", "true");
    CHECK(refusal(running_record("run-one"))
              .starts_with("everything is switched off on this machine by changeling.disabled"));
    open->repository.set_config("changeling.disabled", "false");
  }
  SUBCASE("a file") {
    write(open->places.halt_file(), "on holiday\n");
    CHECK(refusal(running_record("run-one")).find("disabled: on holiday; to undo: rm '") !=
          std::string::npos);
    std::filesystem::remove(open->places.halt_file());
  }
  CHECK(run_count() == 0);
  CHECK(refusal(running_record("run-one")) == "");
}

TEST_CASE_FIXTURE(RulesFixture, "caps are judged in the state that the run begins in") {
  open->services.limits.caps.repository_day = 3.0;
  store::RunRecord one = running_record("run-one", "fairy");
  one.reserved_usd = 2.0;
  CHECK(refusal(one) == "");
  store::RunRecord two = running_record("run-two", "troll");
  two.reserved_usd = 1.5;
  CHECK(refusal(two).starts_with("the cap of $3.00 for this repository today is reached"));
  two.reserved_usd = 1.0;
  CHECK(refusal(two, {OverlapPolicy::Skip, 0.5}).starts_with("the cap of $0.50 for troll today is reached"));
  CHECK(refusal(two, {OverlapPolicy::Skip, 1.0}) == "");
}

TEST_CASE_FIXTURE(RulesFixture,
                  "a run that must be published does not begin while the remote cannot be asked") {
  struct CutOff : store::Publisher {
    FileLock begin() override { throw Error(ErrorKind::Unavailable, "origin cannot be reached"); }
    void catch_up() override {}
    Publication publish(const git::ObjectId&) override { return Publication::Outdated; }
    Publication replace(const git::ObjectId&, const git::ObjectId&) override { return Publication::Outdated; }
  } cut_off;
  open->services.publisher = &cut_off;
  CHECK(refusal(scheduled("run-one", "2026-11-20T03:00:00Z"), {OverlapPolicy::Skip, 0, true}) ==
        "another machine may do this run, and that cannot be asked now: origin cannot be reached");
  CHECK(run_count() == 0);
  CHECK(refusal(running_record("run-two")) == "");
}

TEST_CASE_FIXTURE(RulesFixture, "a barrier ends with the pause, the day or the month, or not by itself") {
  const Timestamp now = parse_timestamp("2026-11-20T12:00:00Z");
  const store::Snapshot snapshot = open->store.snapshot();
  const auto failed = [&](Duration ago) {
    store::RunRecord run = running_record("run-failed");
    run.status = store::RunStatus::Finished;
    run.outcome = store::Outcome::Failed;
    run.started_at = now - ago - std::chrono::minutes(1);
    run.ended_at = now - ago;
    run.cost_usd = 3;
    return run;
  };
  store::RunRecord next = running_record("run-next");
  next.trigger = "schedule";
  const testing::ListedRuns runs({failed(std::chrono::minutes(10)), failed(std::chrono::minutes(70))});
  const auto end = [&](const project::StartLimits& limits) {
    const run::StartGround ground{open->repository, open->places, limits, snapshot, runs, now};
    REQUIRE(run::find_barrier(ground, next, 0));
    return run::barrier_end(ground, next, 0);
  };
  project::StartLimits limits;
  CHECK(end(limits) == now + std::chrono::minutes(50));
  limits.caps.repository_day = 5;
  const Timestamp midnight = run::spending_periods(now + std::chrono::hours(24)).day;
  CHECK(end(limits) == midnight);
  limits.caps.repository_month = 5;
  CHECK(end(limits) == run::spending_periods(now + std::chrono::hours(24 * 31)).month);
  next.reserved_usd = 6;
  CHECK_FALSE(end(limits));
}

TEST_CASE_FIXTURE(RulesFixture, "work that waits in the outbox is not done again") {
  project::OutboxEntry entry;
  entry.proposal.run = "run-old";
  entry.proposal.changeling = "sprite";
  entry.proposal.branch = "changelings/sprite/run-old";
  entry.proposal.head = main().hex();
  entry.error = "no answer";
  SUBCASE("by its changeling") {
    open->places.outbox().keep(entry);
    CHECK(refusal(running_record("run-one")) ==
          "the work of run run-old waits in the outbox (no answer); git changeling sync sends it");
    CHECK(refusal(running_record("run-two", "troll")).empty());
    store::RunRecord task = running_record("run-tre");
    task.trigger = "task";
    task.task = "bcdf2345";
    CHECK(refusal(task).empty());
  }
  SUBCASE("for the issue that it is about") {
    entry.works_on = "github-12";
    open->places.outbox().keep(entry);
    store::RunRecord task = running_record("run-one");
    task.trigger = "task";
    task.task = "github-12";
    CHECK(refusal(task).find("run-old") != std::string::npos);
    CHECK(refusal(running_record("run-two")).empty());
  }
  SUBCASE("unless only its branch is missing on the remote") {
    entry.proposed = true;
    open->places.outbox().keep(entry);
    CHECK(refusal(running_record("run-one")).empty());
  }
  SUBCASE("nor by another worker that has claimed the task of the queue since") {
    entry.works_on = entry.task = "bcdf2345";
    open->places.outbox().keep(entry);
    store::RunRecord task = running_record("run-one");
    task.trigger = "task";
    task.task = "bcdf2345";
    CHECK(refusal(task).empty());
  }
}
