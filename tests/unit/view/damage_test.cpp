#include "view/damage.hpp"

#include <doctest/doctest.h>

#include "keys.hpp"

using namespace changeling;

TEST_CASE("damage is a list of paths and reasons: records first, then mistakes in files") {
  const std::string reference = "refs/changelings/state";
  project::DamageReport damage([](const std::string&) {}, [&]() -> const std::string& { return reference; });
  CHECK(view::to_json(damage) == Json::array());
  damage.note_in_file(".changelings.toml", Error(ErrorKind::Invalid, "line 3 makes no sense"));
  damage.note({{"items/ab/cd/abcd2345.json", "not JSON"}});
  CHECK(view::to_json(damage) ==
        Json::array({{{"path", "items/ab/cd/abcd2345.json"}, {"reason", "not JSON"}},
                     {{"path", ".changelings.toml"}, {"reason", "line 3 makes no sense"}}}));
}
