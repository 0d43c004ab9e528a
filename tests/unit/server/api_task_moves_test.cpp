#include "api_fixture.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

TEST_CASE("a task is moved where the table allows it, and a refusal names where it may go") {
  Api api;
  const std::string id = api.add_task("moved", {{"status", "inbox"}});
  CHECK(api.post("/tasks/" + id + "/move", {{"status", "ready"}}).json.at("status") == "ready");
  const ApiAnswer refused = api.post("/tasks/" + id + "/move", {{"status", "review"}});
  CHECK(refused.status == 409);
  CHECK(refused.kind() == "refused");
  CHECK(refused.json.at("legal") == Json{"inbox", "planning"});
  CHECK(api.post("/tasks/" + id + "/move", {{"status", "redy"}}).hint().find("ready") != std::string::npos);
}

TEST_CASE("a task is claimed, kept and given back by its token") {
  Api api;
  const std::string id = api.add_task("worked on");
  const ApiAnswer claimed = api.post("/tasks/" + id + "/claim", {{"worker", "ada"}, {"lease", "10m"}});
  CHECK(claimed.status == 200);
  CHECK(claimed.json.at("status") == "in_flight");
  CHECK(claimed.json.at("lease").at("owner") == "ada");
  const std::int64_t token = claimed.json.at("lease").at("token").get<std::int64_t>();
  CHECK(api.post("/tasks/" + id + "/claim").status == 409);
  CHECK(api.post("/tasks/" + id + "/renew", {{"token", token}, {"lease", "1h"}}).status == 200);
  CHECK(api.post("/tasks/" + id + "/renew", {{"token", token + 1}}).kind() == "refused");
  CHECK(api.ask("DELETE", "/tasks/" + id).kind() == "refused");
  const ApiAnswer released = api.post("/tasks/" + id + "/release", {{"worker", "ada"}, {"reason", "lunch"}});
  CHECK(released.json.at("status") == "ready");
  CHECK(released.json.at("attempts").back().at("error") == "lunch");
}

TEST_CASE("the best tasks are claimed together, and none is an answer, too") {
  Api api;
  api.add_task("second");
  api.add_task("first", {{"priority", "high"}});
  const ApiAnswer claimed = api.post("/claims", {{"count", 2}, {"worker", "ada"}});
  CHECK(claimed.json.at("tasks").size() == 2);
  CHECK(claimed.json.at("tasks").front().at("title") == "first");
  const ApiAnswer empty = api.post("/claims");
  CHECK(empty.status == 200);
  CHECK(empty.json.at("tasks").empty());
  CHECK(empty.json.at("reason") != "");
  CHECK(api.post("/claims", {{"count", 0}}).status == 422);
}

TEST_CASE("a task is closed, dropped with a reason, blocked and unblocked, and its gate is opened") {
  Api api;
  const std::string done = api.add_task("done");
  CHECK(api.post("/tasks/" + done + "/done").json.at("status") == "done");
  const std::string dropped = api.add_task("dropped");
  const ApiAnswer drop = api.post("/tasks/" + dropped + "/drop", {{"reason", "a duplicate"}});
  CHECK(drop.json.at("dropped") == true);
  CHECK(drop.json.at("attempts").back().at("error") == "a duplicate");
  const std::string blocked = api.add_task("blocked", {{"gates", {"person"}}});
  CHECK(api.post("/tasks/" + blocked + "/block").status == 400);
  CHECK(api.post("/tasks/" + blocked + "/block", {{"reason", "no key"}}).json.at("status") == "blocked");
  CHECK(api.post("/tasks/" + blocked + "/block", {{"by", {done}}}).json.at("blocked_by") == Json{done});
  CHECK(api.post("/tasks/" + blocked + "/unblock", {{"by", {done}}}).json.at("blocked_by") == Json::array());
  CHECK(api.post("/tasks/" + blocked + "/unblock").json.at("status") == "ready");
  const ApiAnswer approved = api.post("/tasks/" + blocked + "/approve");
  CHECK(approved.json.at("gates").front().at("opened_by") == "Tester");
  CHECK(api.post("/tasks/" + blocked + "/approve").kind() == "refused");
}

TEST_CASE("an action over many tasks answers for each of them") {
  Api api;
  const std::string ready = api.add_task("ready");
  const std::string inbox = api.add_task("inbox", {{"status", "inbox"}});
  const ApiAnswer moved = api.post(
      "/task-actions", {{"tasks", {ready, inbox, "zzzz9999"}}, {"action", "move"}, {"status", "planning"}});
  CHECK(moved.status == 200);
  CHECK(moved.json.at("failed") == 1);
  CHECK(moved.json.at("results").at(0).at("result").at("status") == "planning");
  CHECK(moved.json.at("results").at(1).at("status") == 200);
  CHECK(moved.json.at("results").at(2).at("status") == 404);
  CHECK(moved.json.at("results").at(2).at("problem").at("kind") == "not_found");
}

TEST_CASE("every action that many tasks can have is carried out") {
  Api api;
  const std::string id = api.add_task("one", {{"labels", {"old"}}, {"gates", {"person"}}});
  const auto act = [&](Json order) {
    order["tasks"] = {id};
    const ApiAnswer answer = api.post("/task-actions", order);
    INFO(answer.text);
    REQUIRE(answer.status == 200);
    REQUIRE(answer.json.at("failed") == 0);
    return answer.json.at("results").front().at("result");
  };
  const Json edited =
      act({{"action", "edit"}, {"priority", "urgent"}, {"add_labels", {"new"}}, {"remove_labels", {"old"}}});
  CHECK(edited.at("labels") == Json{"new"});
  CHECK(edited.at("priority") == "urgent");
  CHECK(act({{"action", "approve"}}).at("gates").front().at("opened_by") == "Tester");
  CHECK(act({{"action", "block"}, {"reason", "wait"}}).at("status") == "blocked");
  CHECK(act({{"action", "unblock"}}).at("status") == "ready");
  CHECK(act({{"action", "done"}}).at("status") == "done");
  CHECK(act({{"action", "move"}, {"status", "ready"}}).at("status") == "ready");
  CHECK(act({{"action", "drop"}}).at("dropped") == true);
  CHECK(act({{"action", "remove"}}).at("id") == id);
  CHECK(api.get("/tasks").json.at("total") == 0);
}

TEST_CASE("an action that is not known, or is for no task, is refused as a whole") {
  Api api;
  const ApiAnswer unknown = api.post("/task-actions", {{"tasks", {"abcd2345"}}, {"action", "don"}});
  CHECK(unknown.status == 422);
  CHECK(unknown.hint().find("done") != std::string::npos);
  CHECK(api.post("/task-actions", {{"tasks", Json::array()}, {"action", "done"}}).status == 422);
  CHECK(
      api.post("/task-actions", {{"tasks", std::vector<std::string>(201, "a")}, {"action", "done"}}).status ==
      422);
}

TEST_CASE("the legal moves are those of the table") {
  Api api;
  const Json moves = api.get("/task-moves").json.at("moves");
  const auto has = [&](const char* from, const char* to, const char* by) {
    return std::find(moves.begin(), moves.end(), Json{{"from", from}, {"to", to}, {"by", by}}) != moves.end();
  };
  CHECK(has("inbox", "planning", "move"));
  CHECK(has("ready", "in_flight", "claim"));
  CHECK(!has("done", "inbox", "move"));
}
