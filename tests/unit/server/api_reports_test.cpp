#include "api_fixture.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

TEST_CASE("a report has what the command line's has") {
  Api api;
  api.post("/changelings", {{"name", "sprite"}, {"run", "true"}});
  const ApiAnswer report = api.get("/report?since=2d");
  INFO(report.text);
  CHECK(report.status == 200);
  CHECK(report.json.at("total").at("runs") == 0);
  CHECK(report.json.at("waiting").front().at("kind") == "approval");
  CHECK(report.json.at("waiting").front().at("settle") == "git changeling trust sprite");
  CHECK(api.get("/report").json.at("days").size() >= 8);
  CHECK(api.get("/report?since=1d&until=2d").status == 400);
  CHECK(api.get("/report?since=never").status == 400);
  CHECK(api.get("/report?changeling=nobody").status == 404);
}
