#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "http/client.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::http;

namespace {

/// Listens on a port of the system's choice and answers connection after connection with raw bytes; an empty
/// answer resets the connection.
class RawServer {
 public:
  explicit RawServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
    setenv("no_proxy", "127.0.0.1", 1);
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    REQUIRE(listen(listener_, 5) == 0);
    socklen_t size = sizeof(address);
    REQUIRE(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer() { finish(); }

  std::string url(const std::string& path) const { return fmt::format("http://127.0.0.1:{}{}", port_, path); }
  /// Waits until every answer was given; what was received, per connection.
  const std::vector<std::string>& finish() {
    if (thread_.joinable()) thread_.join();
    if (listener_ >= 0) close(listener_);
    listener_ = -1;
    return received_;
  }

 private:
  void serve() {
    for (const std::string& answer : answers_) {
      const int connection = accept(listener_, nullptr, nullptr);
      received_.push_back(read_request(connection));
      if (answer.empty()) {
        const linger hard{1, 0};
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
      } else {
        static_cast<void>(!write(connection, answer.data(), answer.size()));
      }
      close(connection);
    }
  }
  /// Up to the end of the body that Content-Length announces.
  static std::string read_request(int connection) {
    std::string text;
    char buffer[4096];
    for (;;) {
      const auto end = text.find("\r\n\r\n");
      if (end != std::string::npos) {
        const auto length = text.find("Content-Length: ");
        const std::size_t expected = length < end ? std::stoul(text.substr(length + 16)) : 0;
        if (text.size() >= end + 4 + expected) return text;
      }
      const auto count = read(connection, buffer, sizeof(buffer));
      if (count <= 0) return text;
      text.append(buffer, static_cast<std::size_t>(count));
    }
  }

  std::vector<std::string> answers_;
  std::vector<std::string> received_;
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

std::string answer(const std::string& status, const std::string& headers, const std::string& body) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n{}", status,
                     body.size(), headers, body);
}

http::HttpRequest request(const std::string& method, const std::string& url, const std::string& body = "") {
  return {method, url, {{"Authorization", "Bearer secret"}}, body, std::chrono::seconds(10)};
}

}  // namespace

TEST_CASE("a request arrives as given, an answer is returned whole") {
  RawServer server(
      {"HTTP/1.1 100 Continue\r\nX-Interim: yes\r\n\r\n" +
           answer("422 Unprocessable Entity", "X-One: a\r\nx-one:  b \r\n", "{\"message\":\"no\"}"),
       answer("200 OK", "", "[]")});
  const http::HttpResponse refused =
      http::CurlHttpClient().send(request("PATCH", server.url("/x?y=1"), "{\"a\":1}"));
  CHECK(refused.status == 422);
  CHECK(refused.headers.at("x-one") == "b");
  CHECK(refused.headers.count("x-interim") == 0);
  CHECK(refused.body == "{\"message\":\"no\"}");
  CHECK(http::CurlHttpClient().send(request("GET", server.url("/list"))).body == "[]");
  const auto& received = server.finish();
  REQUIRE(received.size() == 2);
  CHECK(received[0].starts_with("PATCH /x?y=1 HTTP/1.1\r\n"));
  CHECK(received[0].ends_with("\r\n\r\n{\"a\":1}"));
  CHECK(received[0].find("Authorization: Bearer secret\r\n") != std::string::npos);
  CHECK(received[0].find("User-Agent: git-changeling") != std::string::npos);
  CHECK(received[1].starts_with("GET /list HTTP/1.1\r\n"));
}

TEST_CASE("a server that accepts and never answers is left when somebody asks for the end") {
  setenv("no_proxy", "127.0.0.1", 1);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  REQUIRE(listen(listener, 5) == 0);
  socklen_t size = sizeof(address);
  REQUIRE(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  Interruption interruption;
  const auto started = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::steady_clock::now() - started; };
  const Interruption::Scope scope(interruption, [&] { return elapsed() > std::chrono::milliseconds(300); });
  try {
    http::CurlHttpClient(interruption)
        .send(request("GET", fmt::format("http://127.0.0.1:{}/", ntohs(address.sin_port))));
    FAIL("answered");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Interrupted);
  }
  CHECK(elapsed() < std::chrono::seconds(2));
  close(listener);
}

TEST_CASE("a redirect is not followed") {
  RawServer server({answer("301 Moved Permanently", "Location: http://127.0.0.1:1/elsewhere\r\n", "")});
  CHECK(http::CurlHttpClient().send(request("GET", server.url("/"))).status == 301);
}

TEST_CASE("a broken connection and a server that is not there are unavailable, without path or token") {
  std::string dead;
  {
    RawServer server({""});
    dead = server.url("/secret-path?token=abc");
    CHECK_THROWS_AS(http::CurlHttpClient().send(request("POST", server.url("/"), "{}")), Error);
  }
  try {
    http::CurlHttpClient().send(request("GET", dead));
    FAIL("answered");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Unavailable);
    const std::string message = error.what();
    CHECK(message.starts_with("http://127.0.0.1:"));
    CHECK(message.find("secret-path") == std::string::npos);
    CHECK(message.find("abc") == std::string::npos);
  }
}

TEST_CASE("only http and https are spoken") {
  CHECK_THROWS_AS(http::CurlHttpClient().send(request("GET", "file:///etc/hostname")), Error);
}
