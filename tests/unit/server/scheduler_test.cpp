#include "server/scheduler.hpp"

#include <doctest/doctest.h>

#include "../fixed_clock.hpp"
#include "../open_project.hpp"
#include "loop_fixture.hpp"
#include "triggers/tick_files.hpp"

using namespace changeling;
using namespace changeling::server;

namespace {

struct Told {
  std::vector<std::string> said;
  std::vector<std::string> logged;

  void tick(const testing::OpenProject& place, const std::vector<std::string>& folders) {
    be_ticker(
        {{"repositories", folders}}, place.environment(),
        [this](std::string_view text) { said.emplace_back(text); },
        [this](std::string_view text) { logged.emplace_back(text); });
  }
};

}  // namespace

TEST_CASE("a look at repositories in which nothing is due says nothing, and is noted") {
  testing::OpenProject place;
  place.project.store().initialize();
  Told told;
  told.tick(place, {place.project.repository().common_directory().string()});
  CHECK(told.said.empty());
  CHECK(triggers::last_tick(place.environment()));
}

TEST_CASE("a repository that cannot be looked at is named, and the others are looked at all the same") {
  testing::OpenProject place;
  place.project.store().initialize();
  Told told;
  told.tick(place, {(place.home.path() / "gone" / ".git").string(),
                    place.project.repository().common_directory().string()});
  REQUIRE(told.said.size() == 1);
  CHECK(told.said.front().find("gone") != std::string::npos);
  CHECK(triggers::last_tick(place.environment()));
}

TEST_CASE("without repositories no process is started") {
  testing::Loop place;
  const testing::FixedClock clock;
  std::vector<std::string> logged;
  Scheduler scheduler(*place.loop, clock, {}, [&](std::string_view text) { logged.emplace_back(text); });
  scheduler.start();
  CHECK_FALSE(scheduler.is_busy());
  CHECK(logged.empty());
  scheduler.stop();
}

TEST_CASE("a look that cannot begin is said, and the next minute tries again") {
  testing::Loop place;
  const testing::FixedClock clock;
  std::vector<std::string> logged;
  // The program that looks is not beside the tests.
  Scheduler scheduler(*place.loop, clock, {}, [&](std::string_view text) { logged.emplace_back(text); });
  scheduler.look_after({{"one", "/nowhere/one/.git"}});
  scheduler.start();
  CHECK_FALSE(scheduler.is_busy());
  REQUIRE(logged.size() == 1);
  CHECK(logged.front().find("schedules were not looked at") != std::string::npos);
  scheduler.stop();
}
