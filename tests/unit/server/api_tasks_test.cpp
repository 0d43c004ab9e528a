#include "api_fixture.hpp"
#include "project/trust.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

namespace {

std::vector<std::string> titles_in(const Json& tasks) {
  std::vector<std::string> titles;
  for (const Json& task : tasks) titles.push_back(task.at("title").get<std::string>());
  return titles;
}

using Titles = std::vector<std::string>;

}  // namespace

TEST_CASE("a task is added, shown where the answer says, and as the command line shows it") {
  Api api;
  const ApiAnswer added = api.post("/tasks", {{"title", "Fix the parser"},
                                              {"description", "It dies."},
                                              {"priority", "high"},
                                              {"complexity", "s"},
                                              {"labels", {"b", "a", "b"}},
                                              {"acceptance", {"file:out.txt"}},
                                              {"gates", {"person"}},
                                              {"status", "ready"}});
  CHECK(added.status == 201);
  const std::string id = added.json.at("id").get<std::string>();
  CHECK(added.headers.at("location") == "tasks/" + id);
  CHECK(added.json.at("labels") == Json{"a", "b"});
  const ApiAnswer shown = api.get("/tasks/" + id);
  CHECK(shown.status == 200);
  CHECK(shown.json == added.json);
  CHECK(shown.json.at("acceptance") == Json{"file:out.txt"});
  CHECK(shown.json.at("blocks") == Json::array());
  CHECK(api.get("/tasks/" + id.substr(0, 6)).json.at("id") == id);
}

TEST_CASE("every write names its session in the commit, and a line end in it makes no trailer") {
  Api api;
  api.caller.session = "phone\nTask: other";
  const std::string id = api.add_task("named");
  CHECK(api.newest_message().ends_with("\nSession: phone\\nTask: other\nUser: ada\n"));
  const Json operation = api.get("/operations?limit=1").json.at("operations").front();
  CHECK(operation.at("session") == "phone\\nTask: other");
  CHECK(operation.at("task") == id);
}

TEST_CASE("tasks are listed in the order of claiming, by every condition") {
  Api api;
  api.add_task("low one", {{"priority", "low"}, {"labels", {"ui"}}});
  api.add_task("urgent one", {{"priority", "urgent"}, {"role", "writer"}, {"labels", {"ui", "text"}}});
  api.add_task("noted", {{"status", "inbox"}});
  const auto listed = [&](const std::string& query) {
    const ApiAnswer answer = api.get("/tasks" + query);
    INFO(answer.text);
    REQUIRE(answer.status == 200);
    return titles_in(answer.json.at("tasks"));
  };
  CHECK(listed("") == Titles{"urgent one", "noted", "low one"});
  CHECK(listed("?status=ready") == Titles{"urgent one", "low one"});
  CHECK(listed("?status=inbox,ready") == Titles{"urgent one", "noted", "low one"});
  CHECK(listed("?role=writer") == Titles{"urgent one"});
  CHECK(listed("?label=ui") == Titles{"urgent one", "low one"});
  CHECK(listed("?label=ui,text") == Titles{"urgent one"});
  CHECK(listed("?priority=low") == Titles{"low one"});
  CHECK(listed("?search=urg") == Titles{"urgent one"});
  CHECK(listed("?assignee=nobody").empty());
  CHECK(listed("?unblocked=true") == Titles{"urgent one", "noted", "low one"});
  CHECK(api.get("/tasks?status=ready").json.at("total") == 2);
}

TEST_CASE("a card names what its task still waits for, and what is known of its claim") {
  Api api;
  const std::string first = api.add_task("first", {{"status", "ready"}});
  api.add_task("second", {{"status", "ready"}, {"blocked_by", Json::array({first})}});
  const auto card = [&api] { return api.get("/tasks?view=card&search=second").json.at("tasks").front(); };
  CHECK(card().at("blocked_by") == Json::array({first}));
  CHECK(api.post("/tasks/" + first + "/claim", Json{{"worker", "ada"}}).status == 200);
  const Json claimed = api.get("/tasks?view=card&status=in_flight").json.at("tasks").front();
  CHECK(claimed.at("lease").at("provisional") == false);
  CHECK(api.post("/tasks/" + first + "/done", Json{{"worker", "ada"}}).status == 200);
  CHECK(card().at("blocked_by") == Json::array());
}

TEST_CASE("a card of the board is light") {
  Api api;
  api.add_task("carded", {{"description", "long"}, {"gates", {"person"}}});
  const Json card = api.get("/tasks?view=card").json.at("tasks").front();
  CHECK(card.at("title") == "carded");
  CHECK(card.at("closed_gate") == "person");
  CHECK(!card.contains("description"));
}

TEST_CASE("pages stay whole while tasks come, and a page knows whether there is another one") {
  Api api;
  for (const char* title : {"a", "b", "c", "d", "e"}) api.add_task(title);
  const ApiAnswer first = api.get("/tasks?limit=2");
  CHECK(titles_in(first.json.at("tasks")) == Titles{"a", "b"});
  CHECK(first.json.at("total") == 5);
  api.add_task("urgent", {{"priority", "urgent"}});
  const std::string cursor = first.json.at("next_cursor").get<std::string>();
  const ApiAnswer second = api.get("/tasks?limit=2&cursor=" + cursor);
  CHECK(titles_in(second.json.at("tasks")) == Titles{"c", "d"});
  const ApiAnswer last = api.get("/tasks?limit=3&cursor=" + second.json.at("next_cursor").get<std::string>());
  CHECK(titles_in(last.json.at("tasks")) == Titles{"e"});
  CHECK(last.json.at("next_cursor") == nullptr);
}

TEST_CASE("a cursor that is none of ours, or one of other conditions, is refused") {
  Api api;
  for (const char* title : {"a", "b"}) api.add_task(title);
  const std::string cursor = api.get("/tasks?limit=1").json.at("next_cursor").get<std::string>();
  std::string changed = cursor;
  changed.back() = changed.back() == '0' ? '1' : '0';
  for (const std::string& word :
       {std::string("abc"), std::string(), changed, cursor + "00", std::string(90, 'z')}) {
    const ApiAnswer answer = api.get("/tasks?limit=1&cursor=" + word);
    INFO(word);
    CHECK(answer.status == 400);
    CHECK(answer.detail() == "cursor: not one of this listing");
  }
  CHECK(api.get("/tasks?limit=1&status=ready&cursor=" + cursor).status == 400);
  CHECK(api.get("/runs?cursor=" + cursor).status == 400);
  CHECK(api.get("/tasks?limit=2&cursor=" + cursor).status == 200);
}

TEST_CASE("fields of a task are changed, and those that are left out stay") {
  Api api;
  const std::string other = api.add_task("first");
  const std::string id = api.add_task("second", {{"labels", {"x"}}, {"complexity", "l"}});
  const ApiAnswer edited =
      api.ask("PATCH", "/tasks/" + id,
              {{"title", "renamed"}, {"blocked_by", {other.substr(0, 6)}}, {"complexity", nullptr}});
  INFO(edited.text);
  CHECK(edited.status == 200);
  CHECK(edited.json.at("title") == "renamed");
  CHECK(edited.json.at("blocked_by") == Json{other});
  CHECK(edited.json.at("labels") == Json{"x"});
  CHECK(edited.json.at("complexity") == nullptr);
  CHECK(api.get("/tasks/" + other).json.at("blocks") == Json{id});
}

TEST_CASE("what is no task is refused with the field, what is allowed and the nearest word") {
  Api api;
  const auto refused = [&](const Json& body, int status) {
    const ApiAnswer answer = api.post("/tasks", body);
    INFO(answer.text);
    CHECK(answer.status == status);
    CHECK(answer.content_type == "application/problem+json");
    return answer;
  };
  CHECK(refused(Json::object(), 422).detail() == "title: is missing");
  CHECK(refused({{"title", "t"}, {"priorty", "low"}}, 422).hint() == "did you mean priority?");
  CHECK(refused({{"title", 3}}, 422).detail() == "title: expected a text, found number");
  CHECK(refused({{"title", "two\nlines"}}, 422).kind() == "invalid");
  CHECK(refused({{"title", "t"}, {"labels", {1}}}, 422)
            .detail()
            .starts_with("labels: expected a list of texts"));
  CHECK(refused({{"title", "t"}, {"priority", "hgh"}}, 422).detail().find("urgent") != std::string::npos);
  CHECK(refused({{"title", std::string(501, 'x')}}, 422).detail() == "title: 501 bytes is more than 500");
  CHECK(refused({{"title", "t"}, {"status", "in_flight"}}, 400).kind() == "usage");
  CHECK(refused({{"title", "t"}, {"blocked_by", {"zzzz9999"}}}, 404).kind() == "not_found");
  CHECK(api.get("/tasks").json.at("total") == 0);
}

TEST_CASE("text with control characters stays data") {
  Api api;
  const std::string text = "\x1b[31mred\x07 <script> \xe2\x80\xae";
  const std::string id = api.add_task("plain", {{"description", text}});
  const ApiAnswer shown = api.get("/tasks/" + id);
  CHECK(shown.json.at("description") == text);
  CHECK(shown.text.find('\x1b') == std::string::npos);
}

TEST_CASE("a task is removed, and an unknown one is not there") {
  Api api;
  const std::string id = api.add_task("gone");
  CHECK(api.ask("DELETE", "/tasks/" + id).json.at("removed") == Json{id});
  CHECK(api.get("/tasks/" + id).status == 404);
  CHECK(api.ask("DELETE", "/tasks/" + id).kind() == "not_found");
}

TEST_CASE("a command among the criteria is not approved by being written through the API") {
  Api api;
  api.add_task("checked", {{"acceptance", {"run:make test"}}});
  const Json standing = api.get("/trust").json.at("approvals").front();
  CHECK(standing.at("kind") == "criterion");
  CHECK(standing.at("trusted") == false);
}
