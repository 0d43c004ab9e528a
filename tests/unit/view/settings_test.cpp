#include "view/settings.hpp"

#include <doctest/doctest.h>

#include "../open_project.hpp"
#include "keys.hpp"
#include "project/settings.hpp"

using namespace changeling;
using testing::keys_of;

namespace {

Json setting_in(const Json& settings, const std::string& key) {
  for (const Json& setting : settings) {
    if (setting.at("key") == key) return setting;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("a setting has its value, where it comes from, and what it is otherwise") {
  testing::OpenProject place;
  place.place.git("config changeling.lease 45m");
  const Json settings = view::settings_json(place.project);
  const Json lease = setting_in(settings, "changeling.lease");
  CHECK(keys_of(lease) == "default help key known only_here origin value");
  CHECK(lease.at("value") == "45m");
  CHECK(lease.at("only_here") == nullptr);
  CHECK(setting_in(settings, "changeling.remote").at("only_here") ==
        "it decides the host that the state is shared with");
  CHECK(lease.at("origin").get<std::string>().ends_with(".git/config"));
  const Json attempts = setting_in(settings, "changeling.maxAttempts");
  CHECK(attempts.at("origin") == nullptr);
  CHECK(attempts.at("value") == attempts.at("default"));
  CHECK(settings.size() > project::settings().size());
}

TEST_CASE("a key that means nothing stands at the end, with what is wrong with it") {
  testing::OpenProject place;
  place.place.git("config changeling.leese 45m");
  const Json settings = view::settings_json(place.project);
  CHECK(settings.back().at("key") == "changeling.leese");
  CHECK(settings.back().at("known") == false);
  CHECK(settings.back().at("help").get<std::string>().find("changeling.lease") != std::string::npos);
}
