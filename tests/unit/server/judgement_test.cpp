#include "server/access/judgement.hpp"

using namespace changeling;
using namespace changeling::server;
using namespace changeling::server::access;

namespace {

const Site site{{"board.example.org"}, {"10.0.0.5", "unix"}, "changeling_8473"};

const Logins logins{[](const std::string& word) -> std::optional<Caller> {
                      if (word == "owners-word") return Caller{"s1", "owner", true};
                      if (word == "viewers-word") return Caller{"s2", "viewer", false};
                      return std::nullopt;
                    },
                    [](const std::string& word) -> std::optional<Caller> {
                      if (word == "the-token") return Caller{"token", "owner", true};
                      return std::nullopt;
                    },
                    [](const Caller& caller, const std::string& page_word) {
                      return caller.session == "s1" && page_word == "owners-page";
                    }};

RequestHead head(const std::string& method, const Headers& more, const std::string& peer = "127.0.0.1") {
  RequestHead made;
  made.method = method;
  made.path = "/api/v1/tasks";
  made.headers = {{"host", "127.0.0.1:8473"}};
  for (const auto& [name, value] : more) made.headers[name] = value;
  made.peer = peer;
  return made;
}

/// 200 for what is allowed.
int status(const RequestHead& asked, bool is_public = false) {
  const auto judged = judge(asked, site, is_public, logins);
  const auto* refusal = std::get_if<Refusal>(&judged);
  return refusal == nullptr ? 200 : refusal->status;
}

const std::string bearer = "Bearer the-token";
const std::string cookie = "changeling_8473=owners-word";

}  // namespace

TEST_CASE("what is asked without a login, by whom, and how, decides what is refused") {
  struct Row {
    const char* what;
    std::string method;
    Headers headers;
    int expected;
  };
  const std::vector<Row> rows{
      {"nobody", "GET", {}, 401},
      {"a token", "GET", {{"authorization", bearer}}, 200},
      {"a wrong token", "GET", {{"authorization", "Bearer the-tokeN"}}, 401},
      {"another scheme", "GET", {{"authorization", "Basic dGhlLXRva2Vu"}}, 401},
      {"a wrong token is not made good by a cookie",
       "GET",
       {{"authorization", "Bearer x"}, {"cookie", cookie}},
       401},
      {"a cookie", "GET", {{"cookie", cookie}}, 200},
      {"a cookie among others", "GET", {{"cookie", "a=b; " + cookie + "; c=d"}}, 200},
      {"the cookie of another port", "GET", {{"cookie", "changeling_1=owners-word"}}, 401},
      {"an unknown host", "GET", {{"host", "evil.example"}, {"authorization", bearer}}, 421},
      {"a name that only begins like loopback", "GET", {{"host", "127.0.0.1.evil.example"}}, 421},
      {"localhost, by another port", "GET", {{"host", "localhost:9"}, {"cookie", cookie}}, 200},
      {"IPv6", "GET", {{"host", "[::1]:8473"}, {"cookie", cookie}}, 200},
      {"the name of the settings, in capitals",
       "GET",
       {{"host", "Board.Example.org"}, {"cookie", cookie}},
       200},
      {"a host with something behind its port",
       "GET",
       {{"host", "localhost:80@evil"}, {"cookie", cookie}},
       421},
      {"our own origin", "GET", {{"origin", "http://127.0.0.1:8473"}, {"cookie", cookie}}, 200},
      {"the same host by another port", "GET", {{"origin", "http://127.0.0.1:9"}, {"cookie", cookie}}, 403},
      {"another name of the same machine",
       "GET",
       {{"origin", "http://localhost:8473"}, {"cookie", cookie}},
       403},
      {"a page without an origin", "GET", {{"origin", "null"}, {"cookie", cookie}}, 403},
      {"TLS that nobody speaks", "GET", {{"origin", "https://127.0.0.1:8473"}, {"cookie", cookie}}, 403},
      {"an unknown method", "TRACE", {{"cookie", cookie}}, 405},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(status(head(row.method, row.headers)) == row.expected);
  }
}

TEST_CASE("a write needs the right to it, our header and JSON") {
  const Headers sound{
      {"cookie", cookie}, {"x-changeling", "owners-page"}, {"content-type", "application/json"}};
  const auto with = [&sound](const std::string& name, const std::string& value) {
    Headers headers = sound;
    if (value.empty()) {
      headers.erase(name);
    } else {
      headers[name] = value;
    }
    return headers;
  };
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    CAPTURE(method);
    CHECK(status(head(method, sound)) == 200);
    CHECK(status(head(method, with("cookie", ""))) == 401);
    CHECK(status(head(method, with("cookie", "changeling_8473=viewers-word"))) == 403);
    CHECK(status(head(method, with("x-changeling", ""))) == 403);
    CHECK(status(head(method, with("x-changeling", "1"))) == 403);
    CHECK(status(head(method, with("content-type", ""))) == 415);
    CHECK(status(head(method, with("content-type", "text/plain"))) == 415);
    CHECK(status(head(method, with("content-type", "application/jsonp"))) == 415);
    CHECK(status(head(method, with("content-type", "Application/JSON; charset=utf-8"))) == 200);
    CHECK(status(head(method, with("origin", "http://evil.example"))) == 403);
  }
  CHECK(status(head("GET", {{"cookie", "changeling_8473=viewers-word"}})) == 200);
}

TEST_CASE("a script's token needs no page, and of several cookies with our name the right one counts") {
  CHECK(status(head("POST", {{"authorization", "Bearer the-token"},
                             {"x-changeling", "1"},
                             {"content-type", "application/json"}})) == 200);
  CHECK(status(head("GET", {{"cookie", "changeling_8473=evil; " + cookie}})) == 200);
}

TEST_CASE("what needs no login still needs the right host, origin and form") {
  CHECK(status(head("GET", {}), true) == 200);
  CHECK(status(head("GET", {{"host", "evil.example"}}), true) == 421);
  CHECK(status(head("GET", {{"origin", "http://evil.example"}}), true) == 403);
  CHECK(status(head("POST", {}), true) == 403);
  CHECK(status(head("POST", {{"x-changeling", "1"}}), true) == 415);
  CHECK(status(head("POST", {{"x-changeling", "1"}, {"content-type", "application/json"}}), true) == 200);
}

TEST_CASE("a request names exactly one host") {
  RequestHead twice = head("GET", {{"cookie", cookie}});
  twice.several_hosts = true;
  CHECK(status(twice) == 400);
  RequestHead none = head("GET", {{"cookie", cookie}});
  none.headers.erase("host");
  CHECK(status(none) == 400);
  none.is_http_1_0 = true;
  CHECK(status(none) == 200);
}

TEST_CASE("forwarded headers count from a trusted proxy alone") {
  const Headers forwarded{{"x-forwarded-proto", "https"},
                          {"x-forwarded-host", "board.example.org"},
                          {"x-forwarded-for", "1.2.3.4, 203.0.113.7"}};
  const RequestHead trusted = head("GET", forwarded, "10.0.0.5");
  CHECK(origin_of(trusted, site).text() == "https://board.example.org");
  CHECK(client_of(trusted, site) == "203.0.113.7");
  const RequestHead other = head("GET", forwarded);
  CHECK(origin_of(other, site).text() == "http://127.0.0.1:8473");
  CHECK(client_of(other, site) == "127.0.0.1");
  CHECK(client_of(head("GET", {}, "unix"), site) == "unix");
}

TEST_CASE("a forwarded host is judged like any other") {
  CHECK(status(head("GET", {{"x-forwarded-host", "evil.example"}, {"cookie", cookie}}, "10.0.0.5")) == 421);
  CHECK(status(head("GET", {{"x-forwarded-host", "evil.example"}, {"cookie", cookie}})) == 200);
}

TEST_CASE("every refusal says why, and hides who is known") {
  const auto wrong = judge(head("GET", {{"authorization", "Bearer x"}}), site, false, logins);
  const auto none = judge(head("GET", {}), site, false, logins);
  CHECK(std::get<Refusal>(wrong).message == std::get<Refusal>(none).message);
  CHECK_FALSE(std::get<Refusal>(none).hint.empty());
}
