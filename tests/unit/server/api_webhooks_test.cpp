#include "api_fixture.hpp"
#include "webhooks/kept_deliveries.hpp"
#include "webhooks/reception.hpp"
#include "webhooks/secret_store.hpp"
#include "webhooks/sources.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

namespace {

const Json triage{{"name", "triage"}, {"source", "generic"}, {"task", "{title}"}};

std::string secret_of(Api& api) {
  return webhooks::SecretStore(api.project).secrets("triage").at(0);
}

}  // namespace

TEST_CASE_FIXTURE(Api, "a webhook is added, changed and removed, and its secret is never given back") {
  const ApiAnswer added = post("/webhooks", triage);
  REQUIRE(added.status == 201);
  CHECK(added.headers.at("location") == "webhooks/triage");
  CHECK(added.json.at("secrets") == 1);
  CHECK(added.json.at("trusted") == false);
  CHECK(added.text.find(secret_of(*this)) == std::string::npos);
  CHECK(get("/webhooks").json.at("webhooks").size() == 1);
  const ApiAnswer read = get("/webhooks/triage");
  const ApiAnswer changed =
      ask("PATCH", "/webhooks/triage", {{"events", {"push"}}}, {{"if-match", read.tag()}});
  REQUIRE(changed.status == 200);
  CHECK(changed.json.at("events") == Json::array({"push"}));
  CHECK(ask("PATCH", "/webhooks/triage", {{"enabled", false}}, {{"if-match", read.tag()}}).status == 412);
  const ApiAnswer rotated = ask("PATCH", "/webhooks/triage", {{"secret", "a secret of letters and signs"}});
  CHECK(rotated.status == 422);
  CHECK(ask("PATCH", "/webhooks/triage", {{"secret", "a-secret-of-letters"}}).json.at("secrets") == 2);
  CHECK(secret_of(*this) == "a-secret-of-letters");
  const ApiAnswer finished = ask("POST", "/webhooks/triage/finish-rotation");
  CHECK(finished.json.at("secrets") == 1);
  CHECK(secret_of(*this) == "a-secret-of-letters");
  CHECK(ask("POST", "/webhooks/nobody/finish-rotation").status == 404);
  CHECK(ask("DELETE", "/webhooks/triage").status == 200);
  CHECK(ask("DELETE", "/webhooks/triage").status == 404);
  CHECK(get("/webhooks/triage").status == 404);
}

TEST_CASE_FIXTURE(Api, "a webhook that could never work is refused") {
  CHECK(post("/webhooks", {{"name", "a"}, {"source", "gihub"}, {"task", "x"}}).status == 422);
  CHECK(post("/webhooks", {{"name", "a"}, {"source", "github"}}).status == 422);
  CHECK(post("/webhooks", {{"name", "a"}, {"source", "github"}, {"task", "{titel}"}}).hint().find("title") !=
        std::string::npos);
  CHECK(post("/webhooks", {{"name", "a"}, {"source", "github"}, {"changeling", "nobody"}}).status == 404);
  CHECK(get("/webhooks").json.at("webhooks").empty());
}

TEST_CASE_FIXTURE(Api, "the sources of the description are those of the table") {
  const ApiAnswer refused = post("/webhooks", {{"name", "a"}, {"source", "?"}, {"task", "x"}});
  for (const webhooks::SourceRow& source : webhooks::sources())
    CHECK(refused.text.find(source.word) != std::string::npos);
}

TEST_CASE_FIXTURE(Api, "a delivery is tried, and nothing comes of it") {
  Json wanted = triage;
  wanted["events"] = {"issues.opened"};
  wanted["task"] = "Look at {title}";
  REQUIRE(post("/webhooks", wanted).status == 201);
  const std::string body = R"({"title":"It <b>fails</b>"})";
  const std::string signed_one = "Authorization: Bearer " + secret_of(*this) + "\nWebhook-Id: d1\n\n" + body;
  const ApiAnswer tried = post("/webhooks/triage/test", {{"text", signed_one}, {"event", "issues.opened"}});
  INFO(tried.text);
  REQUIRE(tried.status == 200);
  CHECK(tried.json.at("signature") == "right");
  CHECK(tried.json.at("title") == "Look at It <b>fails</b>");
  CHECK(tried.json.at("ignored") == nullptr);
  CHECK(tried.text.find(secret_of(*this)) == std::string::npos);
  const ApiAnswer other = post("/webhooks/triage/test", {{"text", body}, {"event", "push"}});
  CHECK(other.json.at("signature") == "not given");
  CHECK(other.json.at("ignored") != nullptr);
  CHECK(post("/webhooks/triage/test", {{"text", "[1]"}}).status == 422);
  CHECK(post("/webhooks/nobody/test", {{"text", body}}).status == 404);
  CHECK(get("/webhooks/triage/deliveries").json.at("deliveries").empty());
  CHECK(get("/tasks").json.at("tasks").empty());
}

TEST_CASE_FIXTURE(Api, "deliveries are listed and replayed") {
  REQUIRE(post("/webhooks", triage).status == 201);
  const webhooks::Headers headers{{"authorization", "Bearer " + secret_of(*this)}, {"webhook-id", "d1"}};
  const auto received = webhooks::receive(project, "triage", headers, R"({"title":"x"})");
  REQUIRE(received.status == 202);
  const ApiAnswer listed = get("/webhooks/triage/deliveries");
  REQUIRE(listed.json.at("deliveries").size() == 1);
  const Json delivery = listed.json.at("deliveries").at(0);
  CHECK(delivery.at("headers") == Json{{"webhook-id", "d1"}});
  CHECK(delivery.at("outcome") == nullptr);
  const std::string key = delivery.at("key");
  const ApiAnswer replayed = ask("POST", "/webhooks/triage/deliveries/" + key + "/replay");
  CHECK(replayed.status == 202);
  CHECK(replayed.json.at("replay_of") == key);
  CHECK(get("/webhooks/triage/deliveries?limit=1").json.at("deliveries").size() == 1);
  CHECK(get("/webhooks/nobody/deliveries").status == 404);
  CHECK(ask("POST", "/webhooks/triage/deliveries/ffff/replay").status == 404);
  REQUIRE(post("/webhooks", {{"name", "other"}, {"source", "generic"}, {"task", "x"}}).status == 201);
  CHECK(ask("POST", "/webhooks/other/deliveries/" + key + "/replay").status == 404);
}
