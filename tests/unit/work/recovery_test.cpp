#include "work/recovery.hpp"

#include <doctest/doctest.h>

#include "../run/dead_process.hpp"
#include "run/live_run.hpp"
#include "work/session.hpp"
#include "work_fixture.hpp"

using namespace changeling;
using changeling::testing::OpenServices;
using changeling::testing::ready_task;
using changeling::testing::running_record;
using changeling::testing::WorkFixture;
using queue::TaskStatus;

namespace {

struct RecoveryFixture : WorkFixture {
  RecoveryFixture() { id = add(ready_task("One")).id; }

  /// A worker that is killed after `steps`, with a session that knows the run "runaaaaa".
  void kill_worker_after(const std::function<void(OpenServices&)>& steps) {
    die_after(*this, [&](OpenServices& own) {
      work::SessionRecord record;
      record.worker = "me";
      record.source = "queue";
      record.run = "runaaaaa";
      new auto(
          work::WorkerSession::begin(work::sessions_folder(own.places.local_folder()), record, own.clock));
      steps(own);
    });
  }
  void recover() {
    work::recover_dead_sessions(services(), source,
                                [this](std::string_view text) { messages.emplace_back(text); });
  }
  store::RunRecord record_of_task() const {
    store::RunRecord record = running_record("runaaaaa", "tester");
    record.task = id;
    return record;
  }

  std::string id;
  std::vector<std::string> messages;
};

}  // namespace

TEST_CASE_FIXTURE(RecoveryFixture, "killed between the claim and the run: the task is free at once") {
  claim();
  kill_worker_after([](OpenServices&) {});
  recover();
  CHECK(task(id).status == TaskStatus::Ready);
  REQUIRE(task(id).attempts.size() == 1);
  CHECK(task(id).attempts[0].outcome == "killed");
  CHECK(task(id).attempts[0].owner == "me");
  CHECK(queue::counted_attempts(task(id)) == 1);
  CHECK(messages.empty());
  recover();
  CHECK(task(id).attempts.size() == 1);
}

TEST_CASE_FIXTURE(RecoveryFixture,
                  "killed in the middle of the run: the run is recorded, then the task freed") {
  claim();
  kill_worker_after([this](OpenServices& own) {
    new auto(run::LiveRun::begin(own.services, {}, record_of_task(), {OverlapPolicy::Replace}));
  });
  recover();
  CHECK(store::read_run(open->store.snapshot(), "runaaaaa")->outcome == store::Outcome::Killed);
  CHECK(task(id).status == TaskStatus::Ready);
}

TEST_CASE_FIXTURE(RecoveryFixture, "killed after the run had succeeded: the task is handed in") {
  claim();
  kill_worker_after([this](OpenServices& own) {
    auto live = run::LiveRun::begin(own.services, {}, record_of_task(), {OverlapPolicy::Replace});
    auto& run = std::get<run::LiveRun>(live);
    run.record().outcome = store::Outcome::OpenedPr;
    run.record().pull_request = store::PullRequestReference{7, "local:7", "open"};
    run.finish(own.services);
  });
  recover();
  CHECK(task(id).status == TaskStatus::Review);
  CHECK(task(id).attempts.empty());
  REQUIRE(task(id).artifacts.size() == 1);
  CHECK(task(id).artifacts[0].path == "7");
}

TEST_CASE_FIXTURE(RecoveryFixture, "killed before the claim: nothing to do, and claims of others stay") {
  claim("runbbbbb", "other");
  kill_worker_after([](OpenServices&) {});
  recover();
  CHECK(task(id).lease->owner == "other");
  CHECK(work::read_sessions(work::sessions_folder(open->places.local_folder())).front().status ==
        work::SessionStatus::Failed);
}

TEST_CASE_FIXTURE(RecoveryFixture, "a worker that lives keeps its claim") {
  work::SessionRecord record;
  record.source = "queue";
  record.run = "runaaaaa";
  const auto session =
      work::WorkerSession::begin(work::sessions_folder(open->places.local_folder()), record, open->clock);
  claim();
  recover();
  CHECK(task(id).status == TaskStatus::InFlight);
}
