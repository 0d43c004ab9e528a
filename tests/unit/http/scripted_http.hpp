#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "http/client.hpp"
#include "support/clock.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::testing {

/// Answers from a script, in order, and remembers what was asked. An unexpected request fails the test.
class ScriptedHttp : public http::HttpClient {
 public:
  using Step = std::function<http::HttpResponse(const http::HttpRequest&)>;

  ScriptedHttp& answers(int status, const std::string& body = "",
                        std::map<std::string, std::string> headers = {}) {
    steps_.push_back([=](const http::HttpRequest&) { return http::HttpResponse{status, headers, body}; });
    return *this;
  }
  ScriptedHttp& answers_json(int status, const Json& body, std::map<std::string, std::string> headers = {}) {
    return answers(status, body.dump(), std::move(headers));
  }
  /// The connection breaks before an answer arrives.
  ScriptedHttp& breaks() {
    steps_.push_back([](const http::HttpRequest&) -> http::HttpResponse {
      throw Error(ErrorKind::Unavailable, "the connection was reset");
    });
    return *this;
  }

  http::HttpResponse send(const http::HttpRequest& request) override {
    requests.push_back(request);
    if (steps_.empty()) {
      throw Error(ErrorKind::Internal, "not in the script: " + request.method + " " + request.url);
    }
    const Step step = steps_.front();
    steps_.pop_front();
    return step(request);
  }

  bool finished() const { return steps_.empty(); }
  /// "GET /path?query" of each request, without the server.
  std::vector<std::string> lines() const {
    std::vector<std::string> result;
    for (const auto& request : requests) {
      result.push_back(request.method + " " + request.url.substr(request.url.find('/', 8)));
    }
    return result;
  }
  Json body(std::size_t index) const { return Json::parse(requests.at(index).body); }

  std::vector<http::HttpRequest> requests;

 private:
  std::deque<Step> steps_;
};

/// Stands still unless told.
class FixedClock : public Clock {
 public:
  Timestamp now() const override { return time; }
  Timestamp time = parse_timestamp("2026-11-20T03:00:00Z");
};

}  // namespace changeling::testing
