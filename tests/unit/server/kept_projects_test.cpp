#include "server/kept_projects.hpp"

#include <doctest/doctest.h>

#include "../open_project.hpp"

using namespace changeling;
using namespace std::chrono_literals;
using server::KeptProjects;

namespace {

/// Counts how often a repository was opened, on a clock that stands still.
struct Kept : testing::OpenProject {
  std::chrono::steady_clock::time_point now{};
  int opened = 0;
  std::string folder = project.repository().common_directory().string();
  KeptProjects kept{environment(),
                    [this](const std::string&) {
                      ++opened;
                      return std::make_unique<project::Project>(opening());
                    },
                    [this] { return now; }};
};

}  // namespace

TEST_CASE("a repository stays open for a moment") {
  Kept place;
  project::Project& first = place.kept.for_reading(place.folder);
  place.now += 1s;
  CHECK(&place.kept.for_reading(place.folder) == &first);
  CHECK(place.opened == 1);
  place.now += 1s;
  place.kept.for_reading(place.folder);
  CHECK(place.opened == 2);
  place.kept.drop(place.folder);
  place.kept.for_reading(place.folder);
  CHECK(place.opened == 3);
}

TEST_CASE("it is opened anew when settings have changed") {
  Kept place;
  place.kept.for_reading(place.folder);
  place.place.git("config changeling.worker other");
  place.kept.for_reading(place.folder);
  CHECK(place.opened == 2);
  std::ofstream(place.home.path() / ".gitconfig") << "[user]\nname = Somebody\n";
  place.kept.for_reading(place.folder);
  CHECK(place.opened == 3);
  place.write_user_file("x = 1\n");
  place.kept.for_reading(place.folder);
  CHECK(place.opened == 4);
}

TEST_CASE("what is written meanwhile is seen at once") {
  Kept place;
  CHECK_FALSE(place.kept.for_reading(place.folder).store().exists());
  place.project.store().initialize();
  CHECK(place.kept.for_reading(place.folder).store().exists());
  CHECK(place.opened == 1);
}

TEST_CASE("of many repositories only the newest stay open") {
  Kept place;
  for (std::size_t number = 0; number <= KeptProjects::most; ++number)
    place.kept.for_reading("/nowhere/" + std::to_string(number));
  const int before = place.opened;
  place.kept.for_reading("/nowhere/1");
  CHECK(place.opened == before);
  place.kept.for_reading("/nowhere/0");
  CHECK(place.opened == before + 1);
}
