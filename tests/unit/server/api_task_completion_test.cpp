#include "api_fixture.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

namespace {

struct Claimed : Api {
  /// A task that ada has claimed.
  std::string claim(const Json& criteria) {
    const std::string id = add_task("worked on", {{"acceptance", criteria}});
    REQUIRE(post("/tasks/" + id + "/claim", {{"worker", "ada"}}).status == 200);
    return id;
  }
  ApiAnswer complete(const std::string& id, const std::string& worker = "ada") {
    return post("/tasks/" + id + "/complete", {{"worker", worker}});
  }
};

}  // namespace

TEST_CASE("a claimed task is done once its criteria are met") {
  Claimed api;
  const std::string id = api.claim({"file:report.md"});
  const ApiAnswer early = api.complete(id);
  INFO(early.text);
  CHECK(early.status == 409);
  REQUIRE(early.json.at("unmet").size() == 1);
  CHECK(early.json.at("unmet").at(0).get<std::string>().find("report.md") != std::string::npos);
  CHECK(api.get("/tasks/" + id).json.at("status") == "in_flight");
  std::ofstream(api.place.path() / "report.md") << "found\n";
  CHECK(api.complete(id).json.at("status") == "done");
}

TEST_CASE("what only a person can judge, and a command that nobody approved, send it to review") {
  Claimed api;
  CHECK(api.complete(api.claim({"it is beautiful"})).json.at("status") == "review");
  const std::string mark = (api.home.path() / "mark").string();
  CHECK(api.complete(api.claim({"run:touch " + mark})).json.at("status") == "review");
  CHECK_FALSE(std::filesystem::exists(mark));
}

TEST_CASE("who does not hold a task does not complete it") {
  Claimed api;
  const std::string id = api.claim(Json::array());
  CHECK(api.complete(id, "eve").kind() == "refused");
  CHECK(api.get("/tasks/" + id).json.at("status") == "in_flight");
  CHECK(api.complete(id).json.at("status") == "done");
}
