#include "server/service.hpp"

#include "../fixed_clock.hpp"
#include "noted_exchanges.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::server;
using namespace changeling::testing;

namespace {

/// A service whose worker notes what it was asked.
struct Asked {
  Asked() { service.know({{{"one", "/git/one"}, {"two", "/git/two"}}, {}, {}}); }

  static RequestHead head(const std::string& method, const std::string& path, const Headers& more = {}) {
    RequestHead made;
    made.method = method;
    made.path = path;
    made.headers = {{"host", "localhost:8473"}};
    for (const auto& [name, value] : more) made.headers[name] = value;
    if (method != "GET") {
      made.headers.emplace("x-changeling", "1");
      made.headers["content-type"] = "application/json";
    }
    made.peer = "127.0.0.1";
    return made;
  }

  Response ask(const RequestHead& request, const std::string& body = "") {
    Caller caller;
    if (auto refusal = service.refuse(request, caller)) return noted(request, body, *refusal);
    Response got;
    service.answer(request, {request.method, request.path, request.query, request.headers, body, caller},
                   [&got](Response response) { got = std::move(response); });
    return noted(request, body, got);
  }

  /// What the server answers itself is judged by its description, as the API's answers are.
  static Response noted(const RequestHead& head, const std::string& body, Response response) {
    const std::string path = route_of(head.path).path;
    for (const char* own :
         {"/api/v1/session", "/api/v1/sessions", "/api/v1/repositories", "/login", "/logout"}) {
      const bool is_it = path == own || path.starts_with(std::string(own) + "/");
      if (is_it && response.content_type.find("json") != std::string::npos)
        note_exchange({head.method, path, head.query, head.headers, body, {}}, response);
    }
    return response;
  }

  Response ask(const std::string& method, const std::string& path, const std::string& body = "") {
    return ask(head(method, path, {{"authorization", "Bearer the-token"}}), body);
  }

  struct Login {
    std::string cookie;
    std::string page_word;
  };
  Login log_in(access::Role role) {
    const Response answer = ask(head("POST", "/login"), Json{{"code", service.make_code(role)}}.dump());
    REQUIRE(answer.status == 200);
    const std::string set = answer.headers.at("set-cookie");
    return {set.substr(0, set.find(';')), parse_json(answer.body, "login").at("page_word")};
  }

  struct MovedClock : Clock {
    Timestamp now() const override { return time; }
    Timestamp time = FixedClock().now();
  };
  MovedClock clock;
  access::Sessions sessions{std::filesystem::path()};
  std::vector<std::pair<std::string, Request>> asked;
  int revoked = 0;
  int worker_status = 200;
  std::vector<std::string> to_work_off;
  Service service{
      {clock, "the-token", sessions,
       [this](const std::string& folder, Request request, const Reply& reply) {
         asked.emplace_back(folder, std::move(request));
         reply({worker_status, "application/json", {}, "{}"});
       },
       [] {
         return Json{{"busy", 0}};
       },
       [this] { ++revoked; }, [this](const std::string& folder) { to_work_off.push_back(folder); }},
      "changeling_8473"};
};

Json json_in(const Response& response) {
  return Json::parse(response.body);
}

}  // namespace

TEST_CASE("health needs no login and says nothing of anybody") {
  Asked served;
  const Response answer = served.ask(Asked::head("GET", "/healthz"));
  CHECK(answer.status == 200);
  CHECK(json_in(answer).at("ok") == true);
  CHECK(served.ask(Asked::head("POST", "/healthz")).status == 401);
  CHECK(served.asked.empty());
}

TEST_CASE("without a login a person before a browser sees the login page, at every address") {
  Asked served;
  for (const char* path : {"/", "/app.js", "/repositories/two/", "/api/v1/tasks"}) {
    CAPTURE(path);
    const Response answer = served.ask(Asked::head("GET", path, {{"accept", "text/html,*/*;q=0.8"}}));
    CHECK(answer.status == 401);
    CHECK(answer.content_type == "text/html; charset=utf-8");
    CHECK(answer.body.find("login.js") != std::string::npos);
    CHECK(json_in(served.ask(Asked::head("GET", path))).at("kind") == "refused");
  }
}

TEST_CASE("the dashboard is there for each repository, after a login") {
  Asked served;
  for (const char* path : {"/", "/repositories/two/"}) {
    CAPTURE(path);
    const Response answer = served.ask("GET", path);
    CHECK(answer.status == 200);
    CHECK(answer.body.find("<title>git changeling</title>") != std::string::npos);
    CHECK(served.ask("POST", path).status == 405);
  }
  CHECK(served.ask(Asked::head("GET", "/repositories/two/login.js")).status == 200);
  CHECK(served.asked.empty());
}

TEST_CASE("the API is asked of a worker, which sees no secrets of the login") {
  Asked served;
  CHECK(served.ask("GET", "/api/v1/tasks").status == 200);
  REQUIRE(served.asked.size() == 1);
  CHECK(served.asked[0].first == "/git/one");
  CHECK(served.asked[0].second.path == "/api/v1/tasks");
  CHECK(served.asked[0].second.caller.session == "token");
  CHECK_FALSE(served.asked[0].second.headers.contains("authorization"));
}

TEST_CASE("a path names its repository") {
  Asked served;
  CHECK(served.ask("GET", "/repositories/two/api/v1/tasks").status == 200);
  REQUIRE(served.asked.size() == 1);
  CHECK(served.asked[0].first == "/git/two");
  CHECK(served.asked[0].second.path == "/api/v1/tasks");
  CHECK(served.ask("GET", "/repositories/three/api/v1/tasks").status == 404);
  CHECK(json_in(served.ask("GET", "/api/v1/repositories")).at("repositories").size() == 2);
  // A page below a repository's address asks with addresses of its own.
  CHECK(json_in(served.ask("GET", "/repositories/two/api/v1/repositories")).at("repositories").size() == 2);
  CHECK(json_in(served.ask("GET", "/repositories/two/api/v1/sessions")).at("sessions").is_array());
}

TEST_CASE("a delivery needs no login, and keeps the header that it may be signed with") {
  Asked served;
  served.worker_status = 202;
  const auto delivery = [](const std::string& path) {
    return Asked::head("POST", path, {{"authorization", "Bearer a secret"}, {"cookie", "a=b"}});
  };
  CHECK(served.ask(delivery("/repositories/two/hooks/triage"), "{}").status == 202);
  REQUIRE(served.asked.size() == 1);
  CHECK(served.asked[0].first == "/git/two");
  CHECK(served.asked[0].second.path == "/hooks/triage");
  CHECK(served.asked[0].second.caller.session.empty());
  CHECK(served.asked[0].second.headers.contains("authorization"));
  CHECK_FALSE(served.asked[0].second.headers.contains("cookie"));
  CHECK(served.to_work_off == std::vector<std::string>{"/git/two"});
  served.worker_status = 401;
  CHECK(served.ask(delivery("/hooks/triage"), "{}").status == 401);
  CHECK(served.to_work_off.size() == 1);
}

TEST_CASE("a delivery to a repository that is not served is looked at as one to no webhook") {
  Asked served;
  served.worker_status = 404;
  CHECK(served.ask(Asked::head("POST", "/repositories/three/hooks/triage"), "{}").status == 404);
  REQUIRE(served.asked.size() == 1);
  CHECK(served.asked[0].second.path == "/hooks/.");
}

TEST_CASE("only a POST to one name is a delivery, and its host must be right") {
  Asked served;
  for (const char* path : {"/hooks", "/hooks/", "/hooks/a/b", "/hook/a"})
    CHECK(served.ask(Asked::head("POST", path), "{}").status == 401);
  CHECK(served.ask(Asked::head("GET", "/hooks/triage")).status == 401);
  CHECK(served.ask(Asked::head("POST", "/hooks/triage", {{"host", "elsewhere.example"}}), "{}").status ==
        421);
  CHECK(served.ask(Asked::head("POST", "/hooks/triage", {{"origin", "http://elsewhere.example"}}), "{}")
            .status == 403);
  CHECK(served.asked.empty());
}

TEST_CASE("what is nowhere is found nowhere, and only by who has logged in") {
  Asked served;
  CHECK(served.ask("GET", "/elsewhere").status == 404);
  CHECK(served.ask(Asked::head("GET", "/elsewhere")).status == 401);
  CHECK(served.asked.empty());
}

TEST_CASE("a code makes a session once; a viewer reads and does not write") {
  Asked served;
  const std::string code = served.service.make_code(access::Role::Viewer);
  const std::string body = Json{{"code", code}}.dump();
  const Response answer = served.ask(Asked::head("POST", "/login"), body);
  REQUIRE(answer.status == 200);
  CHECK(json_in(answer).at("user") == "viewer");
  CHECK(answer.headers.at("set-cookie").find("HttpOnly; SameSite=Strict") != std::string::npos);
  CHECK(served.ask(Asked::head("POST", "/login"), body).status == 401);

  const auto viewer = served.log_in(access::Role::Viewer);
  const Headers whole{{"cookie", viewer.cookie}, {"x-changeling", viewer.page_word}};
  CHECK(served.ask(Asked::head("GET", "/api/v1/tasks", whole)).status == 200);
  CHECK(served.ask(Asked::head("POST", "/api/v1/tasks", whole)).status == 403);
  CHECK(served.ask(Asked::head("GET", "/api/v1/sessions", whole)).status == 403);
  const Json own = json_in(served.ask(Asked::head("GET", "/api/v1/session", whole)));
  CHECK(own.at("user") == "viewer");
  CHECK(own.at("may_write") == false);
  CHECK(served.ask(Asked::head("POST", "/logout", whole)).status == 200);
  CHECK(served.ask(Asked::head("GET", "/api/v1/tasks", whole)).status == 401);
}

TEST_CASE("whoever has a cookie alone changes nothing: browsers send it to every port of the host") {
  Asked served;
  const auto owner = served.log_in(access::Role::Owner);
  const auto other = served.log_in(access::Role::Owner);
  const auto write = [&](const std::string& word) {
    return served
        .ask(Asked::head("POST", "/api/v1/tasks", {{"cookie", owner.cookie}, {"x-changeling", word}}))
        .status;
  };
  CHECK(write("1") == 403);
  CHECK(write(other.page_word) == 403);
  CHECK(write(owner.page_word) == 200);

  RequestHead socket =
      Asked::head("GET", "/api/v1/events",
                  {{"cookie", owner.cookie}, {"upgrade", "websocket"}, {"sec-websocket-version", "13"}});
  Caller caller;
  CHECK_FALSE(served.service.refuse(socket, caller));
  CHECK_FALSE(caller.may_write);
  socket.headers["authorization"] = "Bearer the-token";
  CHECK_FALSE(served.service.refuse(socket, caller));
  CHECK(caller.may_write);
}

TEST_CASE("the owner lists and ends sessions") {
  Asked served;
  const std::string owner = served.log_in(access::Role::Owner).cookie;
  const Json listed = json_in(served.ask("GET", "/api/v1/sessions")).at("sessions");
  REQUIRE(listed.size() == 1);
  CHECK_FALSE(listed[0].contains("digest"));
  CHECK_FALSE(listed[0].contains("page_digest"));
  const std::string id = listed[0].at("id");
  CHECK(served.ask("DELETE", "/api/v1/sessions/nobody").status == 404);
  CHECK(served.revoked == 0);
  CHECK(served.ask("DELETE", "/api/v1/sessions/" + id).status == 200);
  CHECK(served.revoked == 1);
  CHECK(served.ask(Asked::head("GET", "/api/v1/tasks", {{"cookie", owner}})).status == 401);
}

TEST_CASE("logging out ends the session") {
  Asked served;
  const auto owner = served.log_in(access::Role::Owner);
  const Headers whole{{"cookie", owner.cookie}, {"x-changeling", owner.page_word}};
  const Response answer = served.ask(Asked::head("POST", "/logout", whole));
  CHECK(answer.headers.at("set-cookie").find("Max-Age=0") != std::string::npos);
  CHECK(served.ask(Asked::head("GET", "/api/v1/tasks", whole)).status == 401);
}

// The server does not know what a proxy has before its addresses; the page that asks does.
TEST_CASE("the owner invites by a link, which is relative to the service") {
  Asked served;
  const Response answer = served.ask("POST", "/api/v1/sessions", R"({"role":"viewer"})");
  REQUIRE(answer.status == 201);
  const Json invited = json_in(answer);
  CHECK(invited.at("login_url") == "login#" + invited.at("code").get<std::string>());
  CHECK(json_in(served.ask("GET", "/api/v1/repositories")).at("repositories")[1].at("api") ==
        "repositories/two/api/v1");
  CHECK(served.ask("POST", "/api/v1/sessions", R"({"role":"king"})").status == 422);
  CHECK(served.ask("POST", "/api/v1/sessions", "[1]").status == 400);
  CHECK(served.ask("POST", "/api/v1/sessions", "{").status == 400);
}

TEST_CASE("what the server does not know is refused, and nobody is let in by a mistake") {
  Asked served;
  const Response misspelt = served.ask("POST", "/api/v1/sessions", R"({"rol":"viewer"})");
  CHECK(misspelt.status == 422);
  CHECK(json_in(misspelt).at("hint") == "did you mean role?");
  CHECK(served.ask("POST", "/api/v1/sessions", R"({"role":7})").status == 422);
  CHECK(served.ask(Asked::head("POST", "/login"), R"({"kode":"x"})").status == 422);
  CHECK(served.ask(Asked::head("POST", "/login"), "").status == 400);
  CHECK(served.ask("POST", "/logout", R"({"all":true})").status == 422);
}

TEST_CASE("an invitation that is asked for twice with one key is one") {
  Asked served;
  const auto invite = [&](const std::string& key, const std::string& role) {
    return served.ask(Asked::head("POST", "/api/v1/sessions",
                                  {{"authorization", "Bearer the-token"}, {"idempotency-key", key}}),
                      Json{{"role", role}}.dump());
  };
  const Response first = invite("a", "viewer");
  const Response again = invite("a", "viewer");
  CHECK(first.status == 201);
  CHECK(again.body == first.body);
  CHECK(again.headers.at("idempotency-replayed") == "true");
  CHECK(invite("a", "owner").status == 422);
  CHECK(invite("b", "viewer").body != first.body);
  CHECK(invite("", "viewer").status == 400);
  served.clock.time += access::LoginCodes::lifetime;
  CHECK(invite("a", "viewer").body != first.body);
}

TEST_CASE("pages come as gzip to who takes it, and not again to who has them") {
  Asked served;
  const auto app = [&](const Headers& more) {
    Headers headers{{"authorization", "Bearer the-token"}};
    headers.insert(more.begin(), more.end());
    return served.ask(Asked::head("GET", "/login.js", headers));
  };
  const Response plain = app({});
  const Response small = app({{"accept-encoding", "br, gzip"}});
  CHECK_FALSE(plain.headers.contains("content-encoding"));
  CHECK(small.headers.at("content-encoding") == "gzip");
  CHECK(small.body.size() < plain.body.size());
  CHECK(small.headers.at("vary") == "Accept-Encoding");
  CHECK(small.headers.at("cache-control") == "no-cache");
  CHECK(small.headers.at("etag") != plain.headers.at("etag"));
  const Response known = app({{"accept-encoding", "gzip"}, {"if-none-match", small.headers.at("etag")}});
  CHECK(known.status == 304);
  CHECK(known.body.empty());
  CHECK(app({{"if-none-match", "\"other\""}}).body == plain.body);
  // Somebody without a login gets the login page whatever the browser has.
  const Response login = served.ask(
      Asked::head("GET", "/", {{"accept", "text/html"}, {"if-none-match", app({}).headers.at("etag")}}));
  CHECK(login.status == 401);
  CHECK_FALSE(login.body.empty());
}

TEST_CASE("failed logins are limited, and lock out nobody who has the code") {
  Asked served;
  for (int count = 0; count < access::FailedLogins::most; ++count)
    CHECK(served.ask(Asked::head("POST", "/login"), R"({"code":"x"})").status == 401);
  const Response answer = served.ask(Asked::head("POST", "/login"), R"({"code":"x"})");
  CHECK(answer.status == 429);
  CHECK(answer.headers.at("retry-after") == "7");
  const std::string right = Json{{"code", served.service.make_code(access::Role::Owner)}}.dump();
  CHECK(served.ask(Asked::head("POST", "/login"), right).status == 200);
}

TEST_CASE("a WebSocket is of version 13 and lies at one place") {
  Asked served;
  const auto upgrade = [&served](const std::string& path, const std::string& version) {
    return served.ask(Asked::head("GET", path,
                                  {{"authorization", "Bearer the-token"},
                                   {"upgrade", "WebSocket"},
                                   {"sec-websocket-version", version}}));
  };
  const Response old = upgrade("/api/v1/events", "8");
  CHECK(old.status == 426);
  CHECK(old.headers.at("sec-websocket-version") == "13");
  CHECK(upgrade("/api/v1/tasks", "13").status == 404);
}

TEST_CASE("what a worker did not answer is said") {
  using Outcome = WorkerAnswer::Outcome;
  const Response overloaded = worker_response({Outcome::Overloaded, {}});
  CHECK(overloaded.status == 503);
  CHECK(overloaded.headers.at("retry-after") == "1");
  CHECK(worker_response({Outcome::Crashed, {}}).status == 500);
  CHECK(worker_response({Outcome::TooSlow, {}}).status == 503);
  CHECK(worker_response({Outcome::Answered, {{{"error", "x"}}, ""}}).status == 500);
  CHECK(worker_response({Outcome::Answered, to_frame(Response{204, "", {}, ""})}).status == 204);
}
