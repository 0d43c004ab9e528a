#include "api_fixture.hpp"
#include "project/outbox.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

TEST_CASE("the status has what the command line's has") {
  Api api;
  api.add_task("one");
  api.post("/changelings", {{"name", "sprite"}, {"run", "true"}, {"schedule", "@daily"}});
  const ApiAnswer status = api.get("/status");
  INFO(status.text);
  CHECK(status.json.at("queue").at("ready") == 1);
  CHECK(status.json.at("changelings").front().at("name") == "sprite");
  CHECK(status.json.at("halt") == nullptr);
}

TEST_CASE("the plan has each day with its sum") {
  Api api;
  api.post("/changelings", {{"name", "sprite"}, {"run", "true"}, {"schedule", "0 3 * * *"}});
  const ApiAnswer plan = api.get("/plan?days=3");
  INFO(plan.text);
  CHECK(plan.status == 200);
  CHECK(plan.json.at("days").size() == 3);
  CHECK(plan.json.at("plan").size() == 3);
  // It is not trusted, and what does not start is in no sum.
  CHECK(plan.json.at("plan").front().at("obstacle") != nullptr);
  CHECK(plan.json.at("total").at("runs") == 0);
  CHECK(api.get("/plan?days=32").status == 400);
}

TEST_CASE("the history is read a page at a time, whatever comes meanwhile") {
  Api api;
  const std::string first = api.add_task("first");
  api.add_task("second");
  const ApiAnswer page = api.get("/operations?limit=1");
  CHECK(page.json.at("operations").front().at("kind") == "task.add");
  api.add_task("third");
  const ApiAnswer next =
      api.get("/operations?limit=1&cursor=" + page.json.at("next_cursor").get<std::string>());
  CHECK(next.json.at("operations").front().at("task") == first);
  const ApiAnswer last =
      api.get("/operations?limit=5&cursor=" + next.json.at("next_cursor").get<std::string>());
  CHECK(last.json.at("operations").size() == 1);
  CHECK(last.json.at("next_cursor") == nullptr);
  CHECK(api.get("/operations?task=" + first).json.at("operations").size() == 1);
  CHECK(api.get("/operations?since=1h").json.at("operations").size() == 4);
}

TEST_CASE("everything is switched off and on, unless somebody else did so meanwhile") {
  Api api;
  const ApiAnswer before = api.get("/halt");
  CHECK(before.json.at("halt") == nullptr);
  const ApiAnswer off = api.ask("PUT", "/halt", {{"reason", "a storm"}}, {{"if-match", before.tag()}});
  INFO(off.text);
  CHECK(off.json.at("halt").at("reason").get<std::string>().ends_with(": a storm"));
  CHECK(api.ask("PUT", "/halt", {{"reason", "mine"}}, {{"if-match", before.tag()}}).status == 412);
  CHECK(api.get("/status").json.at("halt") != nullptr);
  CHECK(api.ask("DELETE", "/halt").json.at("halt") == nullptr);
  CHECK(api.newest_message().find("Session: phone-1") != std::string::npos);
}

TEST_CASE("what waits to be sent is listed") {
  Api api;
  CHECK(api.get("/outbox").json.at("outbox").empty());
  project::OutboxEntry entry;
  entry.proposal.run = "aaaa2345aa";
  entry.proposal.changeling = "sprite";
  entry.proposal.branch = "changelings/sprite/aaaa2345aa";
  entry.proposal.head = "0123456789abcdef0123456789abcdef01234567";
  entry.created_at = parse_timestamp("2026-11-20T03:00:00Z");
  entry.error = "no network";
  api.project.places().outbox().keep(entry);
  CHECK(api.get("/outbox").json.at("outbox").front().at("error") == "no network");
}

TEST_CASE("settings are listed with where they come from, and those that mean nothing") {
  Api api;
  api.place.git("config changeling.lease 1h");
  api.place.git("config changeling.leese 1h");
  const ApiAnswer settings = api.get("/settings");
  INFO(settings.text);
  const auto find = [&](const std::string& key) {
    for (const Json& setting : settings.json.at("settings")) {
      if (setting.at("key") == key) return setting;
    }
    return Json();
  };
  CHECK(find("changeling.lease").at("value") == "1h");
  CHECK(find("changeling.lease").at("origin").get<std::string>().ends_with("config"));
  CHECK(find("changeling.leese").at("known") == false);
  CHECK(find("changeling.maxAttempts").at("origin") == nullptr);
}

TEST_CASE("an operation is taken back, and one of somebody else only when that is meant") {
  Api api;
  const std::string id = api.add_task("undone");
  const std::string operation =
      api.get("/operations?limit=1").json.at("operations").front().at("id").get<std::string>();
  const ApiAnswer undone = api.post("/operations/" + operation.substr(0, 12) + "/undo");
  INFO(undone.text);
  CHECK(undone.json.at("undone").at("id") == operation);
  CHECK(undone.json.at("operation").at("session") == "phone-1");
  CHECK(api.get("/tasks/" + id).status == 404);
  CHECK(api.post("/operations/" + operation + "/undo").kind() == "refused");
  CHECK(api.post("/operations/0000/undo").status == 404);
  api.place.git("config user.name Other");
  api.place.git("config user.email other@example.com");
  const std::string other =
      api.get("/operations?limit=1").json.at("operations").front().at("id").get<std::string>();
  const ApiAnswer refused = api.post("/operations/" + other + "/undo");
  CHECK(refused.kind() == "refused");
  CHECK(refused.detail().find("Tester") != std::string::npos);
  CHECK(api.post("/operations/" + other + "/undo", {{"of_others", true}}).status == 200);
  CHECK(api.get("/tasks/" + id).status == 200);
}

TEST_CASE("the machine of the service tells how it is") {
  Api api;
  const Json machine = api.get("/machine").json;
  CHECK(machine.at("load").size() == 3);
  CHECK(machine.at("disk").at("free_bytes").get<std::uint64_t>() > 0);
  CHECK(machine.at("versions").at("git").get<std::string>().find("version") == std::string::npos);
  CHECK(machine.at("versions").at("git-changeling") != "");
}

TEST_CASE("the board is shown as it was right after an operation") {
  Api api;
  const std::string id = api.add_task("was ready");
  const std::string added =
      api.get("/operations?limit=1").json.at("operations").front().at("id").get<std::string>();
  api.add_task("came later");
  REQUIRE(api.post("/tasks/" + id + "/done").status == 200);
  const ApiAnswer then = api.get("/operations/" + added + "/tasks");
  INFO(then.text);
  REQUIRE(then.status == 200);
  CHECK(then.json.at("operation") == added);
  CHECK(then.json.at("total") == 1);
  REQUIRE(then.json.at("tasks").size() == 1);
  CHECK(then.json.at("tasks").front().at("title") == "was ready");
  CHECK(then.json.at("tasks").front().at("status") == "ready");
  CHECK(api.get("/operations/0000/tasks").status == 404);
}
