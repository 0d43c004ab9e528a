#include "api_fixture.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

TEST_CASE("a schedule's next three times are told before it is written") {
  Api api;
  const ApiAnswer answer = api.get("/schedule-times?schedule=0 3 * * *&timezone=UTC");
  REQUIRE(answer.status == 200);
  CHECK(answer.json.at("schedule") == "0 3 * * *");
  REQUIRE(answer.json.at("times").size() == 3);
  for (const Json& time : answer.json.at("times"))
    CHECK(time.get<std::string>().find("T03:00:00") != std::string::npos);
}

TEST_CASE("H is what the changeling of that name will have") {
  Api api;
  const Json one = api.get("/schedule-times?schedule=H H * * *&changeling=sprite").json;
  CHECK(one.at("schedule").get<std::string>().find('H') == std::string::npos);
  CHECK(one == api.get("/schedule-times?schedule=H H * * *&changeling=sprite").json);
}

TEST_CASE("what is no schedule, or no time zone, is named") {
  Api api;
  const ApiAnswer wrong = api.get("/schedule-times?schedule=61 3 * * *");
  CHECK(wrong.status == 422);
  CHECK(wrong.text.find("61") != std::string::npos);
  CHECK(api.get("/schedule-times?schedule=@daily&timezone=Nowhere").status == 422);
  CHECK(api.get("/schedule-times").status == 422);
}

TEST_CASE("the times are told by the clocks of the zone as well") {
  Api api;
  const Json answer = api.get("/schedule-times?schedule=30 4 * * *&timezone=Asia/Tokyo").json;
  REQUIRE(answer.at("local_times").size() == 3);
  CHECK(answer.at("local_times").at(0).get<std::string>().ends_with(" 04:30"));
  CHECK(answer.at("times").at(0).get<std::string>().find("T19:30:00") != std::string::npos);
}
