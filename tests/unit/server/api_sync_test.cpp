#include "api_fixture.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

TEST_CASE("the state is brought together with the remote") {
  Api api;
  api.place.git("commit -q --allow-empty -m base");
  CHECK(api.post("/sync").detail().find("no remote") != std::string::npos);
  const std::string remote = (api.home.path() / "origin.git").string();
  api.place.git("init -q --bare " + remote);
  api.place.git("remote add origin file://" + remote);
  api.add_task("shared");
  const ApiAnswer synced = api.post("/sync");
  INFO(synced.text);
  REQUIRE(synced.status == 200);
  CHECK(synced.json.at("remote") == "origin");
  CHECK(synced.json.at("sent") == true);
  CHECK(synced.json.at("outbox").at("waiting").empty());
  CHECK(api.post("/sync").json.at("sent") == false);
  CHECK(api.post("/sync", {{"remote", "elsewhere"}}).status == 404);
}

TEST_CASE("a remote that cannot be reached is unavailable, and nothing is lost") {
  Api api;
  api.place.git("remote add origin file:///nowhere/origin.git");
  const std::string task = api.add_task("kept");
  CHECK(api.post("/sync").kind() == "unavailable");
  CHECK(api.get("/tasks/" + task).status == 200);
}
