#include "support/clock.hpp"

#include <doctest/doctest.h>

#include <random>

#include "support/error.hpp"

using namespace changeling;
using namespace std::chrono_literals;

namespace {

Timestamp at(std::int64_t milliseconds_since_1970) {
  return Timestamp(Duration(milliseconds_since_1970));
}

}  // namespace

TEST_CASE("a time is written as RFC 3339 in UTC with milliseconds") {
  CHECK(format_timestamp(at(0)) == "1970-01-01T00:00:00.000Z");
  CHECK(format_timestamp(at(1'795'143'600'005)) == "2026-11-20T03:00:00.005Z");
  CHECK(format_timestamp(at(-1)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("every time that is written is read back unchanged") {
  std::mt19937_64 random(7);
  const std::int64_t first = parse_timestamp("0000-01-01T00:00:00Z").time_since_epoch().count();
  const std::int64_t last = parse_timestamp("9999-12-31T23:59:59.999Z").time_since_epoch().count();
  std::uniform_int_distribution<std::int64_t> times(first, last);
  for (int round = 0; round < 5000; ++round) {
    const Timestamp time = at(times(random));
    CAPTURE(format_timestamp(time));
    CHECK(parse_timestamp(format_timestamp(time)) == time);
  }
  CHECK(format_timestamp(at(first)) == "0000-01-01T00:00:00.000Z");
  CHECK(format_timestamp(at(last)) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("offsets, fractions of any length and a leap second are read") {
  const Timestamp three = parse_timestamp("2026-11-20T03:00:00Z");
  CHECK(parse_timestamp("2026-11-20T04:00:00+01:00") == three);
  CHECK(parse_timestamp("2026-11-19T21:30:00-05:30") == three);
  CHECK(parse_timestamp("2026-11-20t03:00:00z") == three);
  CHECK(parse_timestamp("2026-11-20 03:00:00.0Z") == three);
  CHECK(parse_timestamp("2026-11-20T03:00:00.1Z") == three + 100ms);
  CHECK(parse_timestamp("2026-11-20T03:00:00.123456789Z") == three + 123ms);
  CHECK(parse_timestamp("2024-02-29T00:00:00Z") == parse_timestamp("2024-02-28T23:59:60Z"));
}

TEST_CASE("what is not RFC 3339 is refused with an example") {
  for (const char* text :
       {"", "now", "2026-11-20", "2026-11-20T03:00:00", "2026-11-20T03:00Z", "2026-11-20T03:00:00.Z",
        "2026-11-20T03:00:00Z ", " 2026-11-20T03:00:00Z", "2026-13-20T03:00:00Z", "2026-02-29T03:00:00Z",
        "2026-11-20T24:00:00Z", "2026-11-20T03:60:00Z", "2026-11-20T03:00:61Z", "2026-11-20T03:00:00+0100",
        "2026-11-20T03:00:00+24:00", "2026-11-20T03:00:00+01:60", "+026-11-20T03:00:00Z",
        "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:00-00:01"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(parse_timestamp(text), doctest::Contains("2026-11-20T03:00:00Z"), Error);
  }
}

TEST_CASE("durations are sums of parts in falling order") {
  CHECK(parse_duration("90s") == 90s);
  CHECK(parse_duration("15m") == 15min);
  CHECK(parse_duration("1h30m") == 90min);
  CHECK(parse_duration("7d") == 7 * 24h);
  CHECK(parse_duration("500ms") == 500ms);
  CHECK(parse_duration("1d2h3m4s5ms") == 24h + 2h + 3min + 4s + 5ms);
  CHECK(parse_duration("0s") == 0ms);
  for (const char* text : {"", "5", "m", "30m1h", "1m1m", "-5m", "1.5h", "5 m", "5M", "1h ", "5min", "1w",
                           "99999999999999999999s"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(parse_duration(text), doctest::Contains("90s, 15m, 1h30m or 7d"), Error);
  }
}

TEST_CASE("no duration is so long that a time leaves the years of four digits") {
  CHECK(parse_duration("365000d") == 365'000 * 24h);
  for (const char* text : {"365001d", "100000000000d", "100000000000h", "365000d1ms"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(parse_duration(text), doctest::Contains("at most 365000d"), Error);
  }
}

TEST_CASE("the exact form of a duration is the shortest and is read back unchanged") {
  CHECK(format_duration(0ms) == "0s");
  CHECK(format_duration(90min) == "1h30m");
  CHECK(format_duration(60s) == "1m");
  CHECK(format_duration(24h) == "1d");
  CHECK(format_duration(1500ms) == "1s500ms");
  std::mt19937_64 random(11);
  for (int round = 0; round < 5000; ++round) {
    // Of every magnitude from milliseconds to centuries.
    const Duration duration(static_cast<std::int64_t>(random() >> (22 + random() % 42)));
    CAPTURE(duration.count());
    CHECK(parse_duration(format_duration(duration)) == duration);
  }
}

TEST_CASE("a duration for people never gets shorter as time goes on") {
  CHECK(describe_duration(0ms) == "0.0s");
  CHECK(describe_duration(3240ms) == "3.2s");
  CHECK(describe_duration(9949ms) == "9.9s");
  CHECK(describe_duration(9950ms) == "10s");
  CHECK(describe_duration(12'999ms) == "12s");
  CHECK(describe_duration(59'999ms) == "59s");
  CHECK(describe_duration(245s) == "4m05s");
  CHECK(describe_duration(2h + 10min) == "2h10m");
  CHECK(describe_duration(24h - 1ms) == "23h59m");
  CHECK(describe_duration(76h) == "3d4h");
}

TEST_CASE("distances in time are told in whole units, in the past and in the future") {
  const Timestamp now = parse_timestamp("2026-11-20T03:00:00Z");
  CHECK(describe_relative(now, now) == "just now");
  CHECK(describe_relative(now - 9s, now) == "just now");
  CHECK(describe_relative(now + 9s, now) == "in a moment");
  CHECK(describe_relative(now - 10s, now) == "10 seconds ago");
  CHECK(describe_relative(now - 60s, now) == "1 minute ago");
  CHECK(describe_relative(now - 5min - 59s, now) == "5 minutes ago");
  CHECK(describe_relative(now + 3h, now) == "in 3 hours");
  CHECK(describe_relative(now - 24h, now) == "1 day ago");
  CHECK(describe_relative(now - 59 * 24h, now) == "59 days ago");
  CHECK(describe_relative(now - 60 * 24h, now) == "2 months ago");
}
