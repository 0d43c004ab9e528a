#include "work/session.hpp"

#include <doctest/doctest.h>

#include "../run/dead_process.hpp"
#include "support/json.hpp"

using namespace changeling;
using changeling::testing::OpenServices;
using changeling::testing::RunFixture;
using work::SessionRecord;
using work::SessionStatus;
using work::WorkerSession;

namespace {

struct SessionFixture : RunFixture {
  SessionFixture() : folder(work::sessions_folder(open->places.local_folder())) {}

  WorkerSession begin() { return WorkerSession::begin(folder, record(), open->clock); }
  static SessionRecord record() {
    SessionRecord record;
    record.worker = "me";
    record.source = "queue";
    return record;
  }
  /// A session whose process was killed while it worked.
  void leave_dead() {
    die_after(*this, [](OpenServices& own) {
      auto* session = new WorkerSession(
          WorkerSession::begin(work::sessions_folder(own.places.local_folder()), record(), own.clock));
      session->update([](SessionRecord& changed) {
        changed.status = SessionStatus::Working;
        changed.run = "run";
      });
    });
  }
  std::vector<std::string> bury(bool handled = true) {
    std::vector<std::string> runs;
    work::bury_dead_sessions(folder, open->clock, [&](const SessionRecord& dead) {
      runs.push_back(dead.run);
      return handled;
    });
    return runs;
  }

  std::filesystem::path folder;
};

}  // namespace

TEST_CASE_FIXTURE(SessionFixture, "a session from its beginning to its end") {
  CHECK(work::read_sessions(folder).empty());
  WorkerSession session = begin();
  CHECK(work::read_sessions(folder).front().status == SessionStatus::Ready);
  open->clock.time += std::chrono::minutes(1);
  session.update([](SessionRecord& record) {
    record.status = SessionStatus::Working;
    record.task = "abcd2345";
    record.tokens = store::TokenUsage{1, 2, 3, 4};
    record.cost_usd = 0.5;
  });
  SessionRecord read = work::read_sessions(folder).front();
  CHECK(read.status == SessionStatus::Working);
  CHECK(read.task == "abcd2345");
  CHECK(read.tokens->cache_write == 4);
  CHECK(read.cost_usd == 0.5);
  CHECK(read.last_activity_at - read.started_at == std::chrono::minutes(1));
  CHECK(bury().empty());
  session.end(SessionStatus::Completed);
  read = work::read_sessions(folder).front();
  CHECK(read.status == SessionStatus::Completed);
  CHECK(read.task.empty());
  CHECK(to_json(read).at("status") == "completed");
}

TEST_CASE_FIXTURE(SessionFixture, "one whose process was killed counts as failed, at once") {
  leave_dead();
  const SessionRecord dead = work::read_sessions(folder).front();
  CHECK(dead.status == SessionStatus::Failed);
  CHECK(dead.note == "its process was killed");
}

TEST_CASE_FIXTURE(SessionFixture, "a dead one is taken up once, or again when that did not work") {
  leave_dead();
  const WorkerSession alive = begin();
  CHECK(bury(false) == std::vector<std::string>{"run"});
  CHECK(bury() == std::vector<std::string>{"run"});
  CHECK(bury().empty());
  CHECK(work::read_sessions(folder).size() == 2);
}

TEST_CASE_FIXTURE(SessionFixture, "what has been silent for a day is removed, unless it is alive") {
  leave_dead();
  begin().end(SessionStatus::Completed);
  const WorkerSession alive = begin();
  open->clock.time += std::chrono::hours(25);
  bury(false);
  REQUIRE(work::read_sessions(folder).size() == 1);
  CHECK(work::read_sessions(folder).front().id == alive.record().id);
}

TEST_CASE_FIXTURE(SessionFixture, "a damaged file is nobody's session") {
  write(folder / "broken.json", "{");
  CHECK(work::read_sessions(folder).empty());
  CHECK(bury().empty());
  CHECK_FALSE(std::filesystem::exists(folder / "broken.json"));
}

TEST_CASE_FIXTURE(SessionFixture, "one whose folder was taken away does not make it again") {
  WorkerSession session = begin();
  std::filesystem::remove_all(folder);
  session.end(SessionStatus::Failed, "the repository is no longer there");
  CHECK_FALSE(std::filesystem::exists(folder));
}
