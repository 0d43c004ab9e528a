#include "../error_of.hpp"
#include "server/answer_headers.hpp"
#include "server/frame.hpp"
#include "server/listener.hpp"
#include "server/request_head.hpp"
#include "server/serve.hpp"

using namespace changeling;
using namespace changeling::server;
using namespace changeling::testing;

TEST_CASE("a target is taken apart and decoded") {
  RequestHead head;
  read_target(head, "/api/v1/tasks%20x?a=1%262&b=c+d&flag&a=2&&%C3%A4=");
  CHECK(head.path == "/api/v1/tasks x");
  CHECK(head.query == std::map<std::string, std::string>{{"a", "2"}, {"b", "c d"}, {"flag", ""}, {"ä", ""}});
}

TEST_CASE("a target that is none is refused") {
  for (const char* target : {"", "*", "http://127.0.0.1/", "/a%", "/a%2", "/a%zz", "/a%00b", "/a%0d%0ab"}) {
    CAPTURE(target);
    RequestHead head;
    CHECK(error_of([&] { read_target(head, target); }).value().kind() == ErrorKind::Invalid);
  }
}

TEST_CASE("frames are put together from whatever pieces arrive") {
  const std::string body("\0\xff\r\n", 4);
  Request request{"POST", "/api/v1/tasks", {{"a", "b"}}, {{"accept", "\xff"}}, body, {"s1", "owner", true}};
  const std::string bytes =
      encode(to_frame(request)) + encode(to_frame(Response{201, "text/plain", {{"x", "y"}}, body}));
  FrameReader reader;
  std::vector<Frame> frames;
  for (const char byte : bytes) {
    reader.add({&byte, 1});
    while (auto frame = reader.next()) frames.push_back(std::move(*frame));
  }
  REQUIRE(frames.size() == 2);
  const Request read = request_from(frames[0]);
  CHECK(read.path == request.path);
  CHECK(read.query == request.query);
  CHECK(read.body == body);
  CHECK(read.caller.session == "s1");
  CHECK(read.caller.may_write);
  const Response response = response_from(frames[1]);
  CHECK(response.status == 201);
  CHECK(response.headers.at("x") == "y");
  CHECK(response.body == body);
}

TEST_CASE("a frame that is none is refused") {
  CHECK(error_of([] { request_from({{{"method", 1}}, ""}); }).value().kind() == ErrorKind::Invalid);
  CHECK(error_of([] { response_from({Json::object(), ""}); }).value().kind() == ErrorKind::Invalid);
  FrameReader huge;
  huge.add("\xff\xff\xff\xff\xff\xff\xff\xff");
  CHECK(error_of([&] { huge.next(); }).value().kind() == ErrorKind::Invalid);
}

TEST_CASE("every answer is closed to other origins, and nothing ends its headers early") {
  Response response;
  response.headers = {{"access-control-allow-origin", "*"}, {"location", "/a\r\nset-cookie: b"}};
  response.headers["content-security-policy"] = "default-src *";
  add_answer_headers(response);
  CHECK_FALSE(response.headers.contains("access-control-allow-origin"));
  CHECK(response.headers.at("location") == "/aset-cookie: b");
  CHECK(response.headers.at("content-security-policy")
            .starts_with("default-src 'none'; frame-ancestors 'none'"));
  CHECK(response.headers.at("x-content-type-options") == "nosniff");
  CHECK(response.headers.at("referrer-policy") == "no-referrer");
  CHECK(response.headers.at("cache-control") == "no-store");
}

TEST_CASE("pages run our own scripts alone") {
  Response page;
  page.content_type = "text/html; charset=utf-8";
  add_answer_headers(page);
  const std::string policy = page.headers.at("content-security-policy");
  for (const char* part : {"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'",
                           "require-trusted-types-for 'script'"})
    CHECK(policy.find(part) != std::string::npos);
  CHECK(policy.find("unsafe") == std::string::npos);
}

TEST_CASE("places are read as people write them") {
  CHECK(url_of(read_place("127.0.0.1:8473")) == "http://127.0.0.1:8473");
  CHECK(url_of(read_place("localhost:1")) == "http://127.0.0.1:1");
  CHECK(url_of(read_place("[::1]:8473")) == "http://[::1]:8473");
  CHECK(url_of(read_place("unix:/a/../b")) == "http+unix:///b");
  CHECK(is_local(read_place("unix:/b")));
  CHECK(is_local(read_place("127.8.8.8:1")));
  CHECK_FALSE(is_local(read_place("0.0.0.0:1")));
  CHECK_FALSE(is_local(read_place("[::]:1")));
}

TEST_CASE("a place that is none says what one looks like") {
  for (const char* text : {"", "8473", ":8473", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
                           "127.0.0.1:-1", "example.org:80", "unix:"}) {
    CAPTURE(text);
    const Error error = error_of([&] { read_place(text); }).value();
    CHECK(error.kind() == ErrorKind::Usage);
    CHECK(error.hint().find("127.0.0.1:8473") != std::string::npos);
  }
}

TEST_CASE("options of the service are read strictly") {
  const ServeOptions options =
      read_serve_options({"-C", "a", "-C", "b", "--listen", "unix:/s", "--all", "--json", "--workers", "2",
                          "--drain", "1m", "--request-limit", "5s"});
  CHECK(options.scope.directories == std::vector<std::string>{"a", "b"});
  CHECK(options.scope.all);
  CHECK(options.json);
  CHECK(options.task_workers == 2);
  CHECK(options.drain_time == std::chrono::minutes(1));
  CHECK(options.request_time == std::chrono::seconds(5));
  CHECK_FALSE(options.allow_remote);
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"--lisen", "x"},
                                                                                     {"--listen"},
                                                                                     {"--workers", "x"},
                                                                                     {"--workers", "65"},
                                                                                     {"--processes", "0"},
                                                                                     {"--drain", "x"},
                                                                                     {"stray"}}) {
    CAPTURE(words.front());
    CHECK(error_of([&] { read_serve_options(words); }).value().kind() == ErrorKind::Usage);
  }
}
