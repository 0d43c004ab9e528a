#include "store/store.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "open_store.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

using namespace changeling;
using changeling::testing::fixed_clock;
using changeling::testing::OpenStore;
using changeling::testing::TemporaryRepository;

namespace {

store::RunRecord sample_run(const std::string& id) {
  store::RunRecord run;
  run.id = id;
  run.changeling = "typo-sprite";
  run.trigger = "manual";
  run.agent = "command";
  run.base = "main";
  run.started_at = fixed_clock.now();
  return run;
}

}  // namespace

TEST_CASE("an operation is one commit that says who did what") {
  const TemporaryRepository home;
  OpenStore open(home);
  CHECK_FALSE(open.store.exists());
  CHECK(open.store.initialize());
  CHECK_FALSE(open.store.initialize());

  open.store.update({"write a note", "note.write", {{"Changeling", "sprite"}, {"Task", ""}}},
                    [](const store::Snapshot&, store::Change& change) { change.write("notes/a", "hello"); });
  const auto snapshot = open.store.snapshot();
  CHECK(snapshot.read("notes/a") == "hello");
  CHECK(snapshot.read("format") == "1\n");
  const auto commit = open.repository.commit(*snapshot.commit());
  CHECK(commit.subject() == "write a note");
  CHECK(commit.trailer("Operation") == "note.write");
  CHECK(commit.trailer("Changeling") == "sprite");
  CHECK_FALSE(commit.trailer("Task"));
  CHECK(commit.author.name == "Ada");
  CHECK(commit.committed_at == fixed_clock.now());
  CHECK(home.is_sound());
}

TEST_CASE("an operation that changes nothing writes no commit") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  const auto before = open.store.snapshot().commit();
  open.store.update({"nothing", "none", {}},
                    [](const store::Snapshot&, store::Change& change) { change.remove("x/y"); });
  CHECK(open.store.snapshot().commit() == before);
}

TEST_CASE("writing before init says what to type") {
  const TemporaryRepository home;
  OpenStore open(home);
  try {
    open.store.update({"x", "x", {}}, [](const store::Snapshot&, store::Change&) {});
    FAIL("wrote without a state");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::NotFound);
    CHECK(error.hint() == "start with: git changeling init");
  }
}

TEST_CASE("a decision is taken again after a lost race") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  int decisions = 0;
  open.store.update({"outer", "outer", {}}, [&](const store::Snapshot& snapshot, store::Change& change) {
    if (++decisions == 1) {
      // Another process writes between our look and our swap, without our lock file.
      auto other = home.open();
      store::Store rival(other, fixed_clock, std::string(store::default_reference),
                         {"Eve", "eve@example.com"}, home.path() / ".git" / "other.lock");
      rival.update({"rival", "rival", {}},
                   [](const store::Snapshot&, store::Change& rivals) { rivals.write("count", "5"); });
    }
    change.write("count", std::to_string(std::stoi(snapshot.read("count").value_or("0")) + 1));
  });
  CHECK(decisions == 2);
  CHECK(open.store.snapshot().read("count") == "6");
}

TEST_CASE("no increment of many concurrent writers is lost") {
  const TemporaryRepository home;
  OpenStore(home).store.initialize();
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 6; ++writer) {
    writers.emplace_back([&] {
      OpenStore open(home);
      for (int round = 0; round < 15; ++round) {
        open.store.update({"count", "count", {}}, [](const store::Snapshot& snapshot, store::Change& change) {
          change.write("count", std::to_string(std::stoi(snapshot.read("count").value_or("0")) + 1));
        });
      }
    });
  }
  for (auto& writer : writers) writer.join();
  OpenStore open(home);
  CHECK(open.store.snapshot().read("count") == "90");
  CHECK(open.repository.history(*open.store.snapshot().commit(), 0).size() == 91);
  CHECK(home.is_sound());
}

TEST_CASE("a newer format is refused with the way out") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  open.store.update({"newer", "newer", {}},
                    [](const store::Snapshot&, store::Change& change) { change.write("format", "2\n"); });
  CHECK_THROWS_AS(open.store.snapshot(), Error);
}

TEST_CASE("a run record keeps every field") {
  store::RunRecord run = sample_run("abcd2345");
  run.task = "t1";
  run.status = store::RunStatus::Finished;
  run.outcome = store::Outcome::OpenedPr;
  run.base_commit = std::string(40, 'a');
  run.branch = "changelings/typo-sprite/abcd2345";
  run.head = std::string(40, 'b');
  run.expires_at = fixed_clock.now() + std::chrono::hours(2);
  run.overrides = {"budget", "timeout"};
  run.ended_at = fixed_clock.now() + std::chrono::seconds(3);
  run.duration = std::chrono::seconds(3);
  run.cost_usd = 0.25;
  run.tokens = store::TokenUsage{1, 2, 3, 4};
  run.turns = 5;
  run.session_id = "s";
  run.exit_code = 0;
  run.pull_request = store::PullRequestReference{7, "local:7", "open"};
  run.verification = {{"true", 0, Duration(12), true, "ok"}};
  run.error = "e";
  run.summary = "sum";
  run.report_url = "rep";
  run.host = "h";
  run.actor = "a";
  run.retry_of = "r";
  run.patch_id = "p";
  run.lease = {"me", 3};
  const auto object = store::to_json(run);
  CHECK(store::to_json(store::run_from_json(object, "test")) == object);
  CHECK(object["pull_request"]["number"] == 7);
  CHECK(object["tokens"]["cache_write"] == 4);
  CHECK(object["duration_ms"] == 3000);
}

TEST_CASE("every outcome has a word that reads back") {
  for (int value = 0; value <= static_cast<int>(store::Outcome::LostLease); ++value) {
    const auto outcome = static_cast<store::Outcome>(value);
    CHECK(store::parse_outcome(store::to_string(outcome)) == outcome);
  }
  CHECK_THROWS_AS(store::parse_outcome("fine"), Error);
  CHECK(store::is_success(store::Outcome::NoChanges));
  CHECK_FALSE(store::is_success(store::Outcome::Denied));
}

TEST_CASE("runs are listed newest first") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  open.store.update({"runs", "runs", {}}, [](const store::Snapshot&, store::Change& change) {
    auto old_run = sample_run("aaaa2222");
    old_run.started_at -= std::chrono::hours(1);
    write_run(change, old_run);
    write_run(change, sample_run("aaaa3333"));
    write_run(change, sample_run("bbbb4444"));
  });
  const auto snapshot = open.store.snapshot();
  const auto runs = read_runs(snapshot);
  REQUIRE(runs.size() == 3);
  CHECK(runs[0].id == "bbbb4444");
  CHECK(runs[2].id == "aaaa2222");
}

TEST_CASE("a broken record is named") {
  CHECK_THROWS_WITH_AS(store::run_from_json(Json{{"id", 3}}, "runs/x.json"),
                       "runs/x.json: id: expected a string, found number", Error);
}
