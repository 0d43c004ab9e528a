#include "api_fixture.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

namespace {

Json value_of(const ApiAnswer& answer, const std::string& key) {
  for (const Json& setting : answer.json.at("settings")) {
    if (setting.at("key") == key) return setting.at("value");
  }
  return nullptr;
}

}  // namespace

TEST_CASE("settings are set and taken back") {
  Api api;
  const ApiAnswer changed = api.ask("PATCH", "/settings", {{"set", {{"changeling.lease", "45m"}}}});
  INFO(changed.text);
  REQUIRE(changed.status == 200);
  CHECK(value_of(changed, "changeling.lease") == "45m");
  CHECK(value_of(api.get("/settings"), "changeling.lease") == "45m");
  CHECK(value_of(api.ask("PATCH", "/settings", {{"reset", {"lease"}}}), "changeling.lease") == "30m");
}

TEST_CASE("a value is checked as reading does, and a key has to be one") {
  Api api;
  const ApiAnswer wrong = api.ask("PATCH", "/settings", {{"set", {{"changeling.lease", "soon"}}}});
  CHECK(wrong.status == 422);
  CHECK(wrong.detail().find("changeling.lease") != std::string::npos);
  const ApiAnswer unknown = api.ask("PATCH", "/settings", {{"set", {{"changeling.leese", "1h"}}}});
  CHECK(unknown.status == 404);
  CHECK(unknown.hint().find("changeling.lease") != std::string::npos);
}

TEST_CASE("what names programs or hosts is changed at the machine alone, and it is said why") {
  Api api;
  for (const char* key : {"changeling.apiUrl", "changeling.remote", "changeling.serveHost",
                          "changeling.task.verify", "changeling.sandbox"}) {
    const ApiAnswer refused = api.ask("PATCH", "/settings", {{"set", {{key, "x"}}}});
    INFO(refused.text);
    CHECK(refused.status == 409);
    CHECK(refused.detail().find("not changed over the network: it ") != std::string::npos);
    CHECK(refused.hint().find("config set") != std::string::npos);
  }
  api.caller.may_write = false;
  CHECK(api.ask("PATCH", "/settings", {{"set", {{"changeling.lease", "1h"}}}}).status == 403);
}

TEST_CASE("settings that have changed since they were seen are not overwritten") {
  Api api;
  const std::string tag = api.get("/settings").tag();
  CHECK(api.ask("PATCH", "/settings", {{"set", {{"changeling.lease", "1h"}}}}, {{"if-match", tag}}).status ==
        200);
  const ApiAnswer late =
      api.ask("PATCH", "/settings", {{"set", {{"changeling.lease", "2h"}}}}, {{"if-match", tag}});
  INFO(late.text);
  CHECK(late.status == 412);
  CHECK(value_of(api.get("/settings"), "changeling.lease") == "1h");
}

TEST_CASE("a viewer is shown no command, no host and no misspelt key") {
  Api api;
  api.place.git("config changeling.lease 45m");
  api.place.git("config changeling.task.verify 'make secret-target'");
  api.place.git("config changeling.leese tpyo");
  CHECK(api.get("/settings").text.find("secret-target") != std::string::npos);
  api.caller.may_write = false;
  const ApiAnswer seen = api.get("/settings");
  CHECK(seen.text.find("secret-target") == std::string::npos);
  CHECK(seen.text.find("leese") == std::string::npos);
  CHECK(value_of(seen, "changeling.task.verify") == "(set, not shown)");
  CHECK(value_of(seen, "changeling.lease") == "45m");
  CHECK(value_of(seen, "changeling.remote") == nullptr);
}
