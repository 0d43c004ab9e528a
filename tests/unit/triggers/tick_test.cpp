#include "triggers/tick.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "scheduled_place.hpp"

using namespace changeling;
using namespace changeling::triggers;
using testing::at;
using Verdict = Decision::Verdict;

namespace {

const Timestamp noon = at("2026-11-20T12:00:00Z");

struct Place : testing::ScheduledPlace {
  RepositoryTick tick(TickMode mode, Timestamp now = noon) { return tick_repository(project, now, mode); }
  TickEntry only_entry(TickMode mode, Timestamp now = noon) {
    const RepositoryTick result = tick(mode, now);
    REQUIRE(result.entries.size() == 1);
    return result.entries.front();
  }
};

}  // namespace

TEST_CASE("a repository without a state has nothing that a tick could look at") {
  testing::OpenProject place;
  const RepositoryTick result = tick_repository(place.project, noon, TickMode::Start);
  CHECK(result.entries.empty());
  CHECK(result.problem.empty());
  CHECK(result.repository == (place.place.path() / ".git").string());
  CHECK(result.name == "repository");
}

TEST_CASE("a tick that only decides says what is due, and leaves nothing behind") {
  Place place;
  place.approve("nightly", "2026-11-18T15:00:00Z");
  for (int again = 0; again < 2; ++again) {
    const TickEntry entry = place.only_entry(TickMode::Decide);
    CHECK(entry.due.decision.verdict == Verdict::Due);
    CHECK(entry.due.decision.scheduled_for == at("2026-11-20T03:00:00Z"));
    CHECK(entry.run.empty());
  }
  CHECK(place.events().empty());
  CHECK_FALSE(std::filesystem::exists(place.project.places().local_folder() / "quiet-time.json"));
}

TEST_CASE("where nothing is due a tick says when it will be, and then leaves the repository alone") {
  Place place;
  place.approve("nightly", "2026-11-20T04:00:00Z");
  const TickEntry entry = place.only_entry(TickMode::Start);
  CHECK(entry.due.decision.verdict == Verdict::Waiting);
  CHECK(entry.due.decision.next == at("2026-11-21T03:00:00Z"));
  CHECK(place.tick(TickMode::Start, at("2026-11-20T23:00:00Z")).entries.empty());
  CHECK(place.only_entry(TickMode::Decide, at("2026-11-20T23:00:00Z")).due.definition.name == "nightly");
}

TEST_CASE("a time that is held back is announced once, and the next one again") {
  Place place;
  const TickEntry first = place.only_entry(TickMode::Start);
  CHECK(first.due.decision.verdict == Verdict::HeldBack);
  CHECK(first.newly_held_back);
  CHECK_FALSE(place.only_entry(TickMode::Start, at("2026-11-20T12:06:00Z")).newly_held_back);
  REQUIRE(place.events().size() == 1);
  const Json event = place.events().front();
  CHECK(event.at("event") == "trigger:skipped");
  CHECK(event.at("changeling") == "nightly");
  CHECK(event.at("trigger") == "schedule");
  CHECK(event.at("scheduled_for") == "2026-11-20T03:00:00.000Z");
  CHECK(event.at("reason") == first.due.decision.reason);
  CHECK(place.only_entry(TickMode::Start, at("2026-11-21T12:00:00Z")).newly_held_back);
  CHECK(place.events().size() == 2);
}

TEST_CASE("a tick that only decides announces nothing that is held back") {
  Place place;
  CHECK(place.only_entry(TickMode::Decide).due.decision.verdict == Verdict::HeldBack);
  CHECK(place.events().empty());
}

TEST_CASE("what was announced is announced again when the note of it cannot be read") {
  Place place;
  CHECK(place.only_entry(TickMode::Start).newly_held_back);
  std::ofstream(place.project.places().local_folder() / "held-back.json") << "[1, 2";
  CHECK(place.only_entry(TickMode::Start, at("2026-11-20T12:06:00Z")).newly_held_back);
}

TEST_CASE("another repository of the user is looked at by its git folder") {
  Place place;
  testing::OpenProject here;
  const auto folder = (place.place.path() / ".git").string();
  const RepositoryTick result = tick_elsewhere(here.project, folder, noon, TickMode::Decide);
  CHECK(result.problem.empty());
  CHECK(result.repository == folder);
  CHECK(result.entries.size() == 1);
}

TEST_CASE("a repository that is gone is a problem and no failure") {
  testing::OpenProject here;
  const auto gone = (here.home.path() / "gone").string();
  const RepositoryTick result = tick_elsewhere(here.project, gone, noon, TickMode::Start);
  CHECK(result.repository == gone);
  CHECK(result.problem.find(gone) != std::string::npos);
  CHECK(result.entries.empty());
}
