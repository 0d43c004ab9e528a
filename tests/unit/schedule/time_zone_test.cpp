#include "schedule/time_zone.hpp"

#include <doctest/doctest.h>

#include "minute_walk.hpp"
#include "schedule/cron.hpp"
#include "support/clock.hpp"

using namespace changeling;
using namespace changeling::schedule;

TEST_CASE("names of the system's database are known") {
  for (const char* name :
       {"UTC", "local", "Europe/Berlin", "America/Argentina/Ushuaia", "Etc/GMT+3", "Australia/Lord_Howe"}) {
    CAPTURE(name);
    CHECK(is_known_time_zone(name));
  }
  for (const char* name : {"", "Europe", "Europe/berlin", "Berlin", "../etc/passwd", "/etc/localtime",
                           "posix/UTC", "UTC ", "zone.tab", "leapseconds", "Factory", "Europe//Berlin",
                           "Europe/Berlin/", "UTC0", "Fixed/UTC+01:00:00"}) {
    CAPTURE(name);
    CHECK_FALSE(is_known_time_zone(name));
  }
}

TEST_CASE("a misspelt zone gets a near name") {
  CHECK(suggest_time_zone("Europe/Berlim") == "Europe/Berlin");
  CHECK(suggest_time_zone("europe/berlin") == "Europe/Berlin");
  CHECK(suggest_time_zone("Berlin") == "Europe/Berlin");
  CHECK(suggest_time_zone("new_york") == "America/New_York");
  CHECK(suggest_time_zone("utc") == "UTC");
  CHECK(suggest_time_zone("xxxxxxxxxxxx") == "");
}

TEST_CASE("the rules of a zone go on after the last change that the database lists") {
  const auto expression = CronExpression::parse("0 12 1 7 *");
  CHECK(expression.next(parse_timestamp("2040-01-01T00:00:00Z"), "Europe/Berlin") ==
        parse_timestamp("2040-07-01T10:00:00Z"));
}

TEST_CASE("the own zone is the one that TZ names") {
  const auto noon = CronExpression::parse("0 12 * * *");
  const auto next = [&](const char* name) {
    const test::ProcessZone own(name);
    return noon.next(parse_timestamp("2026-11-20T00:00:00Z"), "local");
  };
  for (const char* name : {"Asia/Tokyo", ":Asia/Tokyo", "/usr/share/zoneinfo/Asia/Tokyo"}) {
    CAPTURE(name);
    CHECK(next(name) == parse_timestamp("2026-11-20T03:00:00Z"));
  }
  CHECK(next("America/New_York") == parse_timestamp("2026-11-20T17:00:00Z"));
  CHECK(next("") == parse_timestamp("2026-11-20T12:00:00Z"));
}

TEST_CASE("the machine's own zone can be used") {
  const auto expression = CronExpression::parse("* * * * *");
  CHECK(expression.next(parse_timestamp("2026-11-20T03:00:00Z"), "local") ==
        parse_timestamp("2026-11-20T03:01:00Z"));
}
