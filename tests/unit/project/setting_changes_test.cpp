#include "project/setting_changes.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../open_project.hpp"
#include "project/settings.hpp"
#include "project/task_settings.hpp"

using namespace changeling;
using namespace changeling::project;
using testing::OpenProject;

TEST_CASE("of every setting it is decided whether it may be changed over the network") {
  for (const Setting& setting : settings()) {
    INFO(setting.key);
    CHECK(why_only_here(setting) != "nobody has decided yet that it may be");
  }
  CHECK(why_only_here(known_setting("lease")).empty());
  CHECK(why_only_here(known_setting("apiUrl")).find("tokens") != std::string::npos);
  CHECK(why_only_here(known_setting("task.timeout")).empty());
  CHECK_FALSE(why_only_here(known_setting("task.verify")).empty());
}

TEST_CASE("settings are set and taken back in the repository's own configuration") {
  OpenProject place;
  change_settings(place.project,
                  {{&known_setting("lease"), "45m", false}, {&known_setting("cooldown"), "2h", false}});
  CHECK(place.project.repository().config("changeling.lease") == "45m");
  change_settings(place.project, {{&known_setting("lease"), "", true}, {&known_setting("base"), "", true}});
  CHECK_FALSE(place.project.repository().config("changeling.lease"));
  CHECK(place.project.repository().config("changeling.cooldown") == "2h");
}

TEST_CASE("nothing is written when one of them cannot be") {
  OpenProject place;
  CHECK_THROWS_AS(change_settings(place.project, {{&known_setting("lease"), "45m", false},
                                                  {&known_setting("cooldown"), "soon", false}}),
                  Error);
  CHECK_THROWS_AS(change_settings(place.project, {{&known_setting("lease"), "45m", false},
                                                  {&known_setting("remote"), "", true}}),
                  Error);
  CHECK_FALSE(place.project.repository().config("changeling.lease"));
}
