#include "http/retry.hpp"

#include <doctest/doctest.h>

#include "scripted_http.hpp"

using namespace changeling;
using namespace changeling::http;
using changeling::testing::FixedClock;
using changeling::testing::ScriptedHttp;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  ScriptedHttp http;
  FixedClock clock;
  std::vector<Duration> waits;
  RetryPolicy policy;

  Fixture() {
    policy.sleep = [this](Duration duration) { waits.push_back(duration); };
  }
  http::HttpResponse send(const std::string& method = "GET", const RetryingSender::Look& look = {}) {
    return RetryingSender(http, clock, policy).send({method, "https://api.github.com/x", {}, "", 1s}, look);
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a good answer and an ordinary refusal are returned at once") {
  http.answers(200, "fine").answers(404, "").answers(403, "no permission").answers(501, "");
  CHECK(send().body == "fine");
  CHECK(send().status == 404);
  CHECK(send().status == 403);
  CHECK(send().status == 501);
  CHECK(waits.empty());
}

TEST_CASE_FIXTURE(Fixture, "5xx answers and broken connections are repeated with growing waits") {
  http.answers(502, "").breaks().answers(503, "").answers(200, "at last");
  CHECK(send().body == "at last");
  CHECK(waits == std::vector<Duration>{1s, 2s, 4s});
}

TEST_CASE_FIXTURE(Fixture, "attempts are bounded") {
  SUBCASE("the last answer is returned") {
    for (int attempt = 0; attempt < 4; ++attempt) http.answers(502, "");
    CHECK(send().status == 502);
  }
  SUBCASE("the last failure is thrown") {
    for (int attempt = 0; attempt < 4; ++attempt) http.breaks();
    CHECK_THROWS_WITH_AS(send(), "the connection was reset", Error);
  }
  CHECK(http.requests.size() == 4);
  CHECK(waits.size() == 3);
}

TEST_CASE_FIXTURE(Fixture, "Retry-After is obeyed, as seconds and as a date") {
  http.answers(403, "slow down", {{"retry-after", "7"}})
      .answers(429, "",
               {{"retry-after", "Fri, 20 Nov 2026 03:00:11 GMT"}, {"date", "Fri, 20 Nov 2026 03:00:01 GMT"}})
      .answers(200, "fine");
  CHECK(send().status == 200);
  CHECK(waits == std::vector<Duration>{7s, 10s});
}

TEST_CASE_FIXTURE(Fixture, "the reset time of an exhausted limit is compared with the server's clock") {
  // The server's clock is an hour ahead of ours.
  const auto reset =
      std::chrono::duration_cast<std::chrono::seconds>((clock.time + 1h + 30s).time_since_epoch());
  http.answers(403, "limit",
               {{"x-ratelimit-remaining", "0"},
                {"x-ratelimit-reset", std::to_string(reset.count())},
                {"date", "Fri, 20 Nov 2026 04:00:00 GMT"}})
      .answers(200, "fine");
  CHECK(send().status == 200);
  CHECK(waits == std::vector<Duration>{31s});
}

TEST_CASE_FIXTURE(Fixture, "a wait beyond the bound is not begun") {
  http.answers(403, "limit", {{"retry-after", "3600"}});
  CHECK(send().status == 403);
  CHECK(waits.empty());
}

TEST_CASE_FIXTURE(Fixture, "the total of all waits is bounded") {
  http.answers(429, "", {{"retry-after", "70"}}).answers(429, "", {{"retry-after", "70"}});
  CHECK(send().status == 429);
  CHECK(waits == std::vector<Duration>{70s});
}

TEST_CASE_FIXTURE(Fixture, "a secondary limit without a time waits a minute") {
  http.answers(403, R"({"message":"You have exceeded a secondary rate limit."})").answers(200, "fine");
  CHECK(send().status == 200);
  CHECK(waits == std::vector<Duration>{60s});
}

TEST_CASE_FIXTURE(Fixture, "a creating request is not repeated when an earlier attempt took effect") {
  SUBCASE("connection broken") {
    http.breaks();
  }
  SUBCASE("bad gateway") {
    http.answers(502, "");
  }
  int looked = 0;
  const auto answer = send("POST", [&]() -> std::optional<http::HttpResponse> {
    ++looked;
    return http::HttpResponse{201, {}, "made before"};
  });
  CHECK(answer.body == "made before");
  CHECK(looked == 1);
  CHECK(http.requests.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a creating request is repeated when looking finds nothing") {
  http.breaks().answers(201, "made now");
  int looked = 0;
  CHECK(send("POST", [&]() -> std::optional<http::HttpResponse> {
          ++looked;
          return std::nullopt;
        }).body == "made now");
  CHECK(looked == 1);
}

TEST_CASE_FIXTURE(Fixture, "after an ambiguous failure nothing is sent while looking is impossible") {
  http.breaks();
  int looked = 0;
  CHECK_THROWS_AS(send("POST",
                       [&]() -> std::optional<http::HttpResponse> {
                         ++looked;
                         throw Error(ErrorKind::Unavailable, "still down");
                       }),
                  Error);
  CHECK(looked == 3);
  CHECK(http.requests.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a rate limit is not ambiguous: no look before repeating") {
  http.answers(429, "", {{"retry-after", "1"}}).answers(201, "made");
  CHECK(send("POST", [&]() -> std::optional<http::HttpResponse> {
          FAIL("looked");
          return std::nullopt;
        }).body == "made");
}

TEST_CASE_FIXTURE(Fixture, "sleeping may give up") {
  http.answers(502, "");
  policy.sleep = [](Duration) { throw Error(ErrorKind::Interrupted, "interrupted"); };
  CHECK_THROWS_WITH_AS(send(), "interrupted", Error);
}
