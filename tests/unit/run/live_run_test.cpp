#include "run/live_run.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "dead_process.hpp"
#include "fixture.hpp"
#include "project/local_runs.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::run::LiveRun;
using changeling::run::Skipped;
using changeling::testing::OpenServices;
using changeling::testing::RunFixture;
using changeling::testing::running_record;
using changeling::testing::Told;

namespace {

struct LiveFixture : RunFixture {
  LiveFixture() : other(home.path(), user.path()) {}

  LiveRun begin(const std::string& id, OverlapPolicy overlap = OverlapPolicy::Skip) const {
    return std::get<LiveRun>(LiveRun::begin(services(), {}, running_record(id), {overlap}));
  }
  store::RunRecord stored(const std::string& id) const {
    const auto run = store::read_run(open->store.snapshot(), id);
    REQUIRE(run);
    return *run;
  }

  OpenServices other;  ///< As another process has them.
};

}  // namespace

TEST_CASE_FIXTURE(LiveFixture, "a run is recorded and alive from its beginning to its end") {
  CHECK_FALSE(project::is_alive(open->places, "run-one"));
  {
    LiveRun live = begin("run-one");
    CHECK(project::is_alive(open->places, "run-one"));
    CHECK(stored("run-one").status == store::RunStatus::Running);
    CHECK(stored("run-one").lease.owner == "run-one");
    CHECK(live.holds_lease(services()));
    open->clock.time += std::chrono::seconds(90);
    live.record().outcome = store::Outcome::NoChanges;
    live.finish(services());
    CHECK_FALSE(std::filesystem::exists(live.files().lock()));
  }
  CHECK_FALSE(project::is_alive(open->places, "run-one"));
  const auto run = stored("run-one");
  CHECK(run.status == store::RunStatus::Finished);
  CHECK(run.outcome == store::Outcome::NoChanges);
  CHECK(run.duration == std::chrono::seconds(90));
  CHECK(home.is_sound());
}

TEST_CASE_FIXTURE(LiveFixture,
                  "a run without an outcome has failed, and bytes that are no UTF-8 cannot hide that") {
  LiveRun live = begin("run-one");
  live.record().summary = "caf\xE9";
  live.finish(services());
  CHECK(stored("run-one").outcome == store::Outcome::Failed);
  CHECK(stored("run-one").summary == "caf\xEF\xBF\xBD");
}

TEST_CASE_FIXTURE(LiveFixture, "skip: another run of the same changeling is not started") {
  const LiveRun live = begin("run-one");
  const auto second = LiveRun::begin(other.services, {}, running_record("run-two"), {OverlapPolicy::Skip});
  REQUIRE(std::holds_alternative<Skipped>(second));
  CHECK(std::get<Skipped>(second).reason.find("sprite is already running (run run-one") != std::string::npos);
  CHECK_FALSE(store::read_run(open->store.snapshot(), "run-two"));
  CHECK(other.places.local_runs() == std::vector<std::string>{"run-one"});
  // Another changeling has nothing to do with it.
  CHECK(std::holds_alternative<LiveRun>(
      LiveRun::begin(other.services, {}, running_record("run-tre", "troll"), {OverlapPolicy::Skip})));
}

TEST_CASE_FIXTURE(LiveFixture, "replace: the running one loses its lease and can only say so") {
  LiveRun first = begin("run-one");
  CHECK(first.holds_lease(services()));
  auto second = std::get<LiveRun>(
      LiveRun::begin(other.services, {}, running_record("run-two"), {OverlapPolicy::Replace}));
  CHECK_FALSE(first.holds_lease(services()));
  CHECK(second.holds_lease(other.services));
  // A third one takes it from both.
  LiveRun third = begin("run-tre", OverlapPolicy::Replace);
  CHECK_FALSE(second.holds_lease(other.services));
  CHECK(stored("run-one").lease.token == 3);

  SUBCASE("before it has published") {
    first.record().outcome = store::Outcome::OpenedPr;
    first.finish(services());
    CHECK(first.record().outcome == store::Outcome::LostLease);
    CHECK(stored("run-one").outcome == store::Outcome::LostLease);
  }
  SUBCASE("after it has published") {
    first.record().outcome = store::Outcome::OpenedPr;
    first.record().pull_request = store::PullRequestReference{1, "local:1", "open"};
    first.finish(services());
    CHECK(stored("run-one").outcome == store::Outcome::OpenedPr);
  }
  // The record tells who has the lease, not who had it.
  CHECK(stored("run-one").lease.owner == "run-tre");
  CHECK(stored("run-one").lease.token == 3);
  third.record().outcome = store::Outcome::NoChanges;
  third.finish(services());
  CHECK(stored("run-tre").outcome == store::Outcome::NoChanges);
}

TEST_CASE_FIXTURE(LiveFixture, "queue: the second begins when the first ends") {
  std::optional<LiveRun> first = begin("run-one");
  std::atomic<bool> waiting = false;
  std::atomic<bool> begun = false;
  std::thread second([&] {
    run::Observer observer;
    observer.on_message = [&](std::string_view) { waiting = true; };
    auto live = LiveRun::begin(other.services, observer, running_record("run-two"), {OverlapPolicy::Queue});
    begun = std::holds_alternative<LiveRun>(live);
    std::get<LiveRun>(live).finish(other.services);
  });
  while (!waiting) std::this_thread::yield();
  CHECK_FALSE(begun);
  first->finish(services());
  second.join();
  CHECK(begun);
  CHECK(stored("run-two").status == store::RunStatus::Finished);
}

TEST_CASE_FIXTURE(LiveFixture, "queue: who waits can be told to stop and leaves nothing") {
  const LiveRun first = begin("run-one");
  run::Observer observer;
  int asked = 0;
  observer.stop_requested = [&] { return ++asked > 1; };
  const auto second =
      LiveRun::begin(other.services, observer, running_record("run-two"), {OverlapPolicy::Queue});
  CHECK(std::holds_alternative<Skipped>(second));
  CHECK(other.places.local_runs() == std::vector<std::string>{"run-one"});
}

TEST_CASE_FIXTURE(LiveFixture, "queue: a run whose program was killed is not waited for") {
  die_after(*this, [](OpenServices& own) {
    static std::optional<LiveRun> live;
    live =
        std::get<LiveRun>(LiveRun::begin(own.services, {}, running_record("run-one"), {OverlapPolicy::Skip}));
  });
  run::Observer observer;
  int asked = 0;
  observer.stop_requested = [&] { return ++asked > 20; };
  const auto second = LiveRun::begin(services(), observer, running_record("run-two"), {OverlapPolicy::Queue});
  CHECK(std::holds_alternative<LiveRun>(second));
  CHECK(stored("run-one").outcome == store::Outcome::Killed);
}

TEST_CASE_FIXTURE(LiveFixture, "an id is used once") {
  const LiveRun first = begin("run-one");
  CHECK_THROWS_WITH_AS(
      LiveRun::begin(other.services, {}, running_record("run-one", "troll"), {OverlapPolicy::Skip}),
      doctest::Contains("run run-one exists already"), Error);
}

TEST_CASE_FIXTURE(LiveFixture, "of many that begin at once exactly one runs") {
  std::atomic<int> begun = 0;
  std::vector<std::thread> crowd;
  for (int number = 0; number < 4; ++number) {
    crowd.emplace_back([&, number] {
      OpenServices own(home.path(), user.path());
      // Kept to the end of the test: a finished run does not hinder the next.
      static std::mutex mutex;
      static std::vector<LiveRun> kept;
      auto live = LiveRun::begin(own.services, {}, running_record("run-n" + std::to_string(number)),
                                 {OverlapPolicy::Skip});
      if (!std::holds_alternative<LiveRun>(live)) return;
      ++begun;
      const std::lock_guard guard(mutex);
      kept.push_back(std::get<LiveRun>(std::move(live)));
    });
  }
  for (std::thread& one : crowd) one.join();
  CHECK(begun == 1);
}

TEST_CASE_FIXTURE(LiveFixture, "runs of tasks exclude each other by task, not by role") {
  const auto of_task = [](const std::string& id, const std::string& task) {
    store::RunRecord record = running_record(id);
    record.task = task;
    return record;
  };
  const auto begin_of = [&](store::RunRecord record) {
    return LiveRun::begin(services(), {}, std::move(record), {OverlapPolicy::Skip});
  };
  const auto plain = begin_of(running_record("run-plain"));
  const auto one = begin_of(of_task("run-one", "task1"));
  const auto two = begin_of(of_task("run-two", "task2"));
  CHECK(std::holds_alternative<LiveRun>(plain));
  CHECK(std::holds_alternative<LiveRun>(one));
  CHECK(std::holds_alternative<LiveRun>(two));
  CHECK(std::holds_alternative<Skipped>(begin_of(of_task("run-three", "task2"))));
  CHECK(std::holds_alternative<Skipped>(begin_of(running_record("run-four"))));
}

namespace {

/// The record of a run that another machine leads: nobody holds its lock here.
void record_elsewhere(const project::Services& services, std::optional<Duration> lasts,
                      const std::string& task = "") {
  store::RunRecord record = running_record("run-far");
  record.task = task;
  record.lease = {"run-far", 3};
  if (lasts) record.expires_at = record.started_at + *lasts;
  services.store.update({"x", "x", {}}, [&](const store::Snapshot&, store::Change& change) {
    store::write_run(change, record);
  });
}

/// A run that begins so long after the one elsewhere.
std::variant<LiveRun, Skipped> begin_after(const project::Services& services, Duration later,
                                           const std::string& task = "") {
  store::RunRecord record = running_record("run-new");
  record.task = task;
  record.started_at += later;
  return LiveRun::begin(services, {}, record, {OverlapPolicy::Skip});
}

}  // namespace

TEST_CASE_FIXTURE(LiveFixture,
                  "a record of a machine that died holds others back only until its time is over") {
  for (const std::string& task : {std::string(), std::string("bcdf2345")}) {
    record_elsewhere(services(), std::chrono::hours(3), task);
    CHECK(std::holds_alternative<Skipped>(begin_after(services(), std::chrono::hours(3), task)));
    // A clock that is ahead by hours must not end what is alive.
    CHECK(std::holds_alternative<Skipped>(begin_after(services(), std::chrono::hours(17), task)));
    auto begun =
        begin_after(services(), std::chrono::hours(3) + store::LeaseWatch::doubt + Duration(1), task);
    REQUIRE(std::holds_alternative<LiveRun>(begun));
    // Should the machine come back, its run finds that the lease is another's.
    CHECK(stored("run-far").lease.token == 4);
    CHECK(stored("run-far").lease.owner == "run-new");
    std::get<LiveRun>(begun).finish(services());
  }
}

TEST_CASE_FIXTURE(LiveFixture, "a record that names no end lasts a day") {
  record_elsewhere(services(), std::nullopt);
  CHECK(std::holds_alternative<Skipped>(begin_after(services(), std::chrono::hours(24))));
  CHECK(std::holds_alternative<LiveRun>(begin_after(services(), std::chrono::hours(40))));
}

TEST_CASE_FIXTURE(LiveFixture, "a run that is alive on this machine is never taken for lost") {
  store::RunRecord record = running_record("run-one");
  record.expires_at = record.started_at;
  const auto live = LiveRun::begin(services(), {}, record, {OverlapPolicy::Skip});
  CHECK(std::holds_alternative<Skipped>(begin_after(services(), std::chrono::hours(100))));
  CHECK_FALSE(project::is_lost(open->places, stored("run-one"), record.started_at + std::chrono::hours(100)));
}

TEST_CASE_FIXTURE(LiveFixture,
                  "a run whose record is damaged has lost its lease, and writes its end all the same") {
  LiveRun live = begin("run-one");
  live.record().outcome = store::Outcome::NoChanges;
  services().store.update({"x", "x", {}}, [&](const store::Snapshot&, store::Change& change) {
    change.write(store::run_path("run-one"), "{");
  });
  CHECK_FALSE(live.holds_lease(services()));
  live.finish(services());
  CHECK(stored("run-one").outcome == store::Outcome::LostLease);
}

TEST_CASE("a run must be over after four times its limit and an hour") {
  const Timestamp start = testing::SteppedClock().now();
  CHECK(store::run_expiry(start, std::chrono::minutes(30)) == start + std::chrono::hours(3));
  store::RunRecord run = running_record("run-one");
  CHECK(store::expiry_of(run) == run.started_at + std::chrono::hours(24));
  run.status = store::RunStatus::Finished;
  CHECK_FALSE(store::is_presumed_dead(run, run.started_at + std::chrono::hours(1000)));
}
