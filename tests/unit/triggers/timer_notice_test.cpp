#include "triggers/timer_notice.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "project/registered_repositories.hpp"
#include "scheduled_place.hpp"
#include "store/deployment_record.hpp"
#include "support/files.hpp"
#include "triggers/tick_files.hpp"

using namespace changeling;
using namespace changeling::triggers;

namespace {

constexpr const char* no_timer =
    "no timer starts anything on this machine yet: git changeling schedule install";

struct Place : testing::ScheduledPlace {
  /// As if something called tick in each of the last minutes.
  void tick_regularly(std::chrono::minutes ago = std::chrono::minutes(0)) {
    const Timestamp now = project.clock().now();
    for (int minutes = 2; minutes >= 0; --minutes)
      write_last_tick(project.environment(), now - ago - std::chrono::minutes(minutes));
  }
  void write_script(std::chrono::minutes age) {
    const auto file = tick_script_file(project.environment());
    std::filesystem::create_directories(file.parent_path());
    write_file(file, "#!/bin/sh\n");
    std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - age);
  }
  std::string problem() { return timer_problem(project); }
};

std::vector<ChangelingOverview> overviews(const std::string& schedule, bool enabled = true) {
  ChangelingOverview overview;
  overview.definition.name = "nightly";
  overview.definition.schedule = schedule;
  overview.definition.enabled = enabled;
  return {overview};
}

}  // namespace

TEST_CASE("without a timer nothing starts, and what to type is said") {
  Place place;
  CHECK(place.problem() == no_timer);
}

TEST_CASE("a tick that somebody typed is no timer") {
  Place place;
  write_last_tick(place.project.environment(), place.project.clock().now());
  CHECK(place.problem() == no_timer);
}

TEST_CASE("whoever calls tick every minute needs no timer of ours, only to know of the repository") {
  Place place;
  place.tick_regularly();
  CHECK(place.problem() == "the timer does not know this repository: git changeling schedule install");
  project::register_repository(place.project);
  CHECK(place.problem().empty());
}

TEST_CASE("ticks that were regular long ago are none") {
  Place place;
  place.tick_regularly(std::chrono::minutes(30));
  CHECK(place.problem() == no_timer);
}

TEST_CASE("a timer concerns only what this machine's schedules start") {
  Place place;
  CHECK(timer_problem(place.project, overviews("0 3 * * *")) == no_timer);
  CHECK(timer_problem(place.project, overviews("")).empty());
  CHECK(timer_problem(place.project, overviews("0 3 * * *", false)).empty());
  CHECK(timer_problem(place.project, {}).empty());
}

TEST_CASE("what is deployed elsewhere needs no timer here") {
  Place place;
  place.project.store().update({"deploy", "test", {}}, [](const store::Snapshot&, store::Change& change) {
    store::DeploymentRecord deployment;
    deployment.changeling = "nightly";
    store::write_deployment(change, deployment);
  });
  CHECK(timer_problem(place.project, overviews("0 3 * * *")).empty());
}

TEST_CASE("without a state there is nothing for a timer to do") {
  testing::OpenProject place;
  CHECK(timer_problem(place.project, overviews("0 3 * * *")).empty());
}

TEST_CASE("a timer that was just installed has time to fire") {
  Place place;
  place.write_script(std::chrono::minutes(0));
  CHECK(silence_of_timer(place.project).empty());
}

TEST_CASE("a timer that never fired is told after some minutes") {
  Place place;
  place.write_script(std::chrono::minutes(6));
  CHECK(silence_of_timer(place.project) ==
        "the timer is installed, and has not fired yet: git changeling schedule status");
}

TEST_CASE("a timer that has stopped to fire is told, and when it last did") {
  Place place;
  place.write_script(std::chrono::minutes(600));
  place.tick_regularly();
  CHECK(silence_of_timer(place.project).empty());
  Place other;
  other.write_script(std::chrono::minutes(600));
  other.tick_regularly(std::chrono::minutes(120));
  CHECK(silence_of_timer(other.project) ==
        "the timer last looked 2 hours ago, so nothing starts: git changeling schedule status");
}
