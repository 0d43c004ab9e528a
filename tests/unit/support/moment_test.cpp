#include "support/moment.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"

using namespace changeling;

TEST_CASE("a moment is a day, a time, or how long ago") {
  const Timestamp now = parse_timestamp("2026-11-20T12:00:00Z");
  CHECK(parse_moment("since", "2026-11-19", now) == parse_timestamp("2026-11-19T00:00:00Z"));
  CHECK(parse_moment("since", "2026-11-19T08:00:00Z", now) == parse_timestamp("2026-11-19T08:00:00Z"));
  CHECK(parse_moment("since", "90m", now) == parse_timestamp("2026-11-20T10:30:00Z"));
}

TEST_CASE("what is no moment is refused under the name that it was given for") {
  const auto refused = testing::error_of([] { parse_moment("--since", "yesterday", Timestamp{}); });
  REQUIRE(refused.has_value());
  CHECK(refused->kind() == ErrorKind::Usage);
  CHECK(std::string(refused->what()) == "--since: 'yesterday' is no time");
}
