#include "support/moment.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../schedule/minute_walk.hpp"

using namespace changeling;

TEST_CASE("a moment is a day, a time, or how long ago") {
  const test::ProcessZone zone("UTC");
  const Timestamp now = parse_timestamp("2026-11-20T12:00:00Z");
  CHECK(parse_moment("since", "2026-11-19", now) == parse_timestamp("2026-11-19T00:00:00Z"));
  CHECK(parse_moment("since", "2026-11-19T08:00:00Z", now) == parse_timestamp("2026-11-19T08:00:00Z"));
  CHECK(parse_moment("since", "90m", now) == parse_timestamp("2026-11-20T10:30:00Z"));
}

TEST_CASE("a day begins at midnight by the clock of this machine") {
  const auto beginning = [](const char* zone, const char* day) {
    const test::ProcessZone own(zone);
    return parse_moment("since", day, Timestamp{});
  };
  CHECK(beginning("Asia/Tokyo", "2026-12-01") == parse_timestamp("2026-11-30T15:00:00Z"));
  CHECK(beginning("America/New_York", "2026-12-01") == parse_timestamp("2026-12-01T05:00:00Z"));
  CHECK(beginning("America/New_York", "2026-07-01") == parse_timestamp("2026-07-01T04:00:00Z"));
  CHECK(testing::error_of([] { parse_moment("since", "2026-13-01", Timestamp{}); }).has_value());
}

TEST_CASE("what is no moment is refused under the name that it was given for") {
  const auto refused = testing::error_of([] { parse_moment("--since", "yesterday", Timestamp{}); });
  REQUIRE(refused.has_value());
  CHECK(refused->kind() == ErrorKind::Usage);
  CHECK(std::string(refused->what()) == "--since: 'yesterday' is no time");
}

TEST_CASE("a day of a far century is one") {
  const Timestamp now = parse_timestamp("2026-11-20T08:00:00Z");
  CHECK(parse_moment("--since", "2999-01-01", now) > parse_timestamp("2998-12-30T00:00:00Z"));
}
