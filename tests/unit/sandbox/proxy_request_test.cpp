#include "sandbox/proxy_request.hpp"

#include <doctest/doctest.h>

using namespace changeling::sandbox;

TEST_CASE("a tunnel is asked for with CONNECT; what the client has sent behind it goes first") {
  const auto request = parse_request("CONNECT api.example.com:443 HTTP/1.1\r\nHost: other.test\r\n", "early");
  REQUIRE(request);
  CHECK(request->is_tunnel);
  CHECK(request->target.host == "api.example.com");
  CHECK(request->target.port == 443);
  CHECK(request->to_send == "early");
}

TEST_CASE("a plain request goes on as one for the host, and is the only one of its connection") {
  const auto request = parse_request(
      "POST http://Example.com:8080/a?b HTTP/1.1\r\nHost: example.com\r\nProxy-Connection: keep-alive\r\n"
      "Connection: keep-alive\r\nContent-Length: 2\r\n",
      "{}");
  REQUIRE(request);
  CHECK_FALSE(request->is_tunnel);
  CHECK(request->target.host == "example.com");
  CHECK(request->target.port == 8080);
  CHECK(request->to_send ==
        "POST /a?b HTTP/1.1\r\nHost: example.com\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
}

TEST_CASE("what is no request for a proxy") {
  for (const char* head :
       {"GET / HTTP/1.1\r\n", "CONNECT api.example.com:443\r\n", "hello\r\n", "",
        "GET http://user@evil.test/ HTTP/1.1\r\n", "GET ftp://example.com/ HTTP/1.1\r\n"}) {
    CAPTURE(head);
    CHECK_FALSE(parse_request(head, ""));
  }
  const auto without_port = parse_request("CONNECT api.example.com HTTP/1.1\r\n", "");
  REQUIRE(without_port);
  CHECK(without_port->target.port == 0);
}
