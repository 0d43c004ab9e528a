#include "project/sharing.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "../open_project.hpp"

using namespace changeling;

namespace {

struct Place : testing::OpenProject {
  Place() { project.store().initialize(); }
  /// As a process sees it that begins after the configuration was changed.
  bool shares() {
    project::Project other(opening());
    return project::shares_by_itself(other);
  }
};

queue::Task claimed_task() {
  queue::Task task;
  task.id = "abcd2345";
  task.lease = queue::Lease{"ada", 1, {}};
  return task;
}

}  // namespace

TEST_CASE("without a remote nothing is shared, and nobody is told") {
  Place place;
  CHECK_FALSE(project::shares_by_itself(place.project));
  CHECK_NOTHROW(project::share_quietly(place.project));
  CHECK(place.project.publisher() == nullptr);
  CHECK(place.messages.empty());
}

TEST_CASE("with a remote the state is shared by itself, unless that is switched off") {
  Place place;
  place.place.git("remote add origin ../nowhere.git");
  CHECK(place.shares());
  place.place.git("config changeling.autosync false");
  CHECK_FALSE(place.shares());
}

TEST_CASE("a remote that is not there is said, and keeps nothing from going on") {
  Place place;
  place.place.git("remote add origin ../nowhere.git");
  project::Project other(place.opening());
  CHECK_NOTHROW(project::share_quietly(other));
  CHECK(place.was_told("not shared with origin yet: "));
}

TEST_CASE("a claim holds at once where nothing is shared, and waits for the remote where it is") {
  Place place;
  CHECK_FALSE(project::is_provisional(place.project, claimed_task()));
  place.place.git("remote add origin ../nowhere.git");
  project::Project sharing(place.opening());
  CHECK(project::is_provisional(sharing, claimed_task()));
  CHECK_FALSE(project::is_provisional(sharing, queue::Task{}));
}

TEST_CASE("the time for sharing is what the configuration says") {
  Place place;
  place.place.git("config changeling.syncTimeout 3s");
  CHECK(project::automatic_time_limit(place.project) == std::chrono::seconds(3));
}

TEST_CASE("a plain fetch brings the remote's state beside ours, however often that is asked for") {
  Place place;
  place.place.git("remote add origin ../nowhere.git");
  const auto before = place.project.repository().config_all("remote.origin.fetch").size();
  project::track_state(place.project, "origin");
  project::track_state(place.project, "origin");
  const auto refspecs = place.project.repository().config_all("remote.origin.fetch");
  CHECK(refspecs.size() > before);
  CHECK(std::count_if(refspecs.begin(), refspecs.end(), [](const std::string& refspec) {
          return refspec.starts_with("+refs/changelings/state*:");
        }) == 1);
}
