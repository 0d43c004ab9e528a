#include "schedule/cron.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "support/clock.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::schedule::CronExpression;

namespace {

std::string next(const std::string& expression, const std::string& after, const std::string& zone) {
  const auto time = CronExpression::parse(expression).next(parse_timestamp(after), zone);
  return time ? format_timestamp(*time) : "never";
}

Error error_of(const std::string& expression) {
  try {
    CronExpression::parse(expression);
  } catch (const Error& error) {
    return error;
  }
  FAIL("accepted: " << expression);
  return Error(ErrorKind::Internal, "");
}

}  // namespace

TEST_CASE("plain expressions in UTC") {
  struct Row {
    std::string expression, after, expected;
  };
  const std::vector<Row> rows = {
      {"* * * * *", "2026-11-20T03:00:00Z", "2026-11-20T03:01:00.000Z"},
      {"* * * * *", "2026-11-20T03:00:59.999Z", "2026-11-20T03:01:00.000Z"},
      {"0 3 * * *", "2026-11-20T02:59:59.999Z", "2026-11-20T03:00:00.000Z"},
      {"0 3 * * *", "2026-11-20T03:00:00Z", "2026-11-21T03:00:00.000Z"},
      {"0 3 * * 1-5", "2026-11-20T04:00:00Z", "2026-11-23T03:00:00.000Z"},
      {"0 3 * * mon-Fri", "2026-11-20T04:00:00Z", "2026-11-23T03:00:00.000Z"},
      {"*/15 9-17/4 * * *", "2026-11-20T09:50:00Z", "2026-11-20T13:00:00.000Z"},
      {"5,10,50-59/3 0 1 jan *", "2026-01-01T00:11:00Z", "2026-01-01T00:50:00.000Z"},
      {"0 0 * * 7", "2026-11-20T00:00:00Z", "2026-11-22T00:00:00.000Z"},
      {"0 0 * * 0", "2026-11-20T00:00:00Z", "2026-11-22T00:00:00.000Z"},
      {"0 0 * * 5-7", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00.000Z"},
      {"@hourly", "2026-11-20T03:00:00Z", "2026-11-20T04:00:00.000Z"},
      {"@daily", "2026-11-20T03:00:00Z", "2026-11-21T00:00:00.000Z"},
      {"@midnight", "2026-11-20T03:00:00Z", "2026-11-21T00:00:00.000Z"},
      {"@weekly", "2026-11-20T03:00:00Z", "2026-11-22T00:00:00.000Z"},
      {"@monthly", "2026-11-20T03:00:00Z", "2026-12-01T00:00:00.000Z"},
      {"@yearly", "2026-11-20T03:00:00Z", "2027-01-01T00:00:00.000Z"},
      {"@annually", "2026-11-20T03:00:00Z", "2027-01-01T00:00:00.000Z"},
      {"\t 0  0 29\t2 * ", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00.000Z"},
      {"0 0 30 2 *", "2026-11-20T03:00:00Z", "never"},
      {"0 0 31 4,6,9,11 *", "2026-11-20T03:00:00Z", "never"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.expression);
    CHECK(next(row.expression, row.after, "UTC") == row.expected);
  }
}

TEST_CASE("two restricted day fields match when either does, one restricted field alone decides") {
  // Friday 2026-11-20; the 25th is a Wednesday.
  CHECK(next("0 0 25 * 0", "2026-11-20T12:00:00Z", "UTC") == "2026-11-22T00:00:00.000Z");
  CHECK(next("0 0 25 * 0", "2026-11-22T12:00:00Z", "UTC") == "2026-11-25T00:00:00.000Z");
  CHECK(next("0 0 25 * *", "2026-11-20T12:00:00Z", "UTC") == "2026-11-25T00:00:00.000Z");
  // A field that starts with * is unrestricted even with a step: only odd days that are Sundays.
  CHECK(next("0 0 */2 * 0", "2026-11-20T12:00:00Z", "UTC") == "2026-11-29T00:00:00.000Z");
}

TEST_CASE("days that count from the ends of a month") {
  // November 2026 begins on a Sunday.
  CHECK(next("0 0 L * *", "2026-11-20T12:00:00Z", "UTC") == "2026-11-30T00:00:00.000Z");
  CHECK(next("0 0 L 2 *", "2027-03-01T12:00:00Z", "UTC") == "2028-02-29T00:00:00.000Z");
  CHECK(next("0 0 15,L * *", "2026-11-30T12:00:00Z", "UTC") == "2026-12-15T00:00:00.000Z");
  CHECK(next("0 0 * * 5L", "2026-11-01T12:00:00Z", "UTC") == "2026-11-27T00:00:00.000Z");
  CHECK(next("0 0 * * friL", "2026-11-27T12:00:00Z", "UTC") == "2026-12-25T00:00:00.000Z");
  CHECK(next("0 0 * * 7L", "2026-11-01T12:00:00Z", "UTC") == "2026-11-29T00:00:00.000Z");
  CHECK(next("0 0 * * 5#2", "2026-11-01T12:00:00Z", "UTC") == "2026-11-13T00:00:00.000Z");
  CHECK(next("0 0 * * sun#5", "2026-11-01T12:00:00Z", "UTC") == "2026-11-29T00:00:00.000Z");
  CHECK(next("0 0 * * sun#5", "2026-11-29T12:00:00Z", "UTC") == "2027-01-31T00:00:00.000Z");
  CHECK(next("0 0 * * 1#1,3", "2026-11-20T12:00:00Z", "UTC") == "2026-11-25T00:00:00.000Z");
  // They restrict their field like any other value: with both restricted, either decides.
  CHECK(next("0 0 L * 5L", "2026-11-20T12:00:00Z", "UTC") == "2026-11-27T00:00:00.000Z");
  CHECK(next("0 0 L * 5L", "2026-11-27T12:00:00Z", "UTC") == "2026-11-30T00:00:00.000Z");
}

TEST_CASE("previous() and between() see the same times as next()") {
  const CronExpression daily = CronExpression::parse("30 2 * * *");
  const auto previous = [&](const std::string& moment, const std::string& zone) {
    return format_timestamp(daily.previous(parse_timestamp(moment), zone).value());
  };
  CHECK(previous("2026-11-20T02:30:00Z", "UTC") == "2026-11-20T02:30:00.000Z");
  CHECK(previous("2026-11-20T02:29:59.999Z", "UTC") == "2026-11-19T02:30:00.000Z");
  // Berlin's gap of March, and the hour of October that comes twice.
  CHECK(previous("2026-03-29T01:00:00Z", "Europe/Berlin") == "2026-03-29T01:00:00.000Z");
  CHECK(previous("2026-03-29T00:59:59Z", "Europe/Berlin") == "2026-03-28T01:30:00.000Z");
  CHECK(previous("2026-10-25T01:10:00Z", "Europe/Berlin") == "2026-10-25T00:30:00.000Z");
  CHECK(previous("2026-10-25T01:30:00Z", "Europe/Berlin") == "2026-10-25T00:30:00.000Z");
  CHECK_FALSE(CronExpression::parse("0 0 30 2 *").previous(parse_timestamp("2026-11-20T00:00:00Z"), "UTC"));
  CHECK(CronExpression::parse("0 0 29 2 *").previous(parse_timestamp("2104-02-28T00:00:00Z"), "UTC") ==
        parse_timestamp("2096-02-29T00:00:00Z"));

  const auto between = daily.between(parse_timestamp("2026-11-20T02:30:00Z"),
                                     parse_timestamp("2026-11-23T02:30:00Z"), "UTC", 10);
  CHECK(between == std::vector<Timestamp>{parse_timestamp("2026-11-21T02:30:00Z"),
                                          parse_timestamp("2026-11-22T02:30:00Z"),
                                          parse_timestamp("2026-11-23T02:30:00Z")});
  CHECK(daily.between(between[0], between[2], "UTC", 1) == std::vector<Timestamp>{between[1]});
  CHECK(daily.between(between[2], between[0], "UTC", 10).empty());
}

TEST_CASE("H stands for values that only the seed and the field decide") {
  const CronExpression open = CronExpression::parse("H H(0-7) * * *");
  CHECK(open.is_open());
  CHECK(open.text() == "H H(0-7) * * *");
  CHECK_THROWS_AS(open.next(Timestamp{}, "UTC"), Error);
  const CronExpression fixed = open.spread("team/tool/nightly");
  CHECK_FALSE(fixed.is_open());
  // Worked out by hand with another SHA-256; machines of today and tomorrow must agree on it.
  CHECK(fixed.text() == "5 1 * * *");
  CHECK(fixed.spread("another seed").text() == fixed.text());
  CHECK_FALSE(CronExpression::parse("@hourly").is_open());
  CHECK(CronExpression::parse("@daily").spread("seed").text() == "@daily");
}

TEST_CASE("H keeps to its range and step, and a thousand changelings do not start together") {
  struct Row {
    std::string expression;
    std::size_t values;  ///< How many there are to choose from.
  };
  const std::vector<Row> rows = {{"H * * * *", 60},          {"H(10-19) * * * *", 10}, {"H/15 * * * *", 15},
                                 {"H(0-29)/10 * * * *", 10}, {"0 H * * *", 24},        {"0 0 H * *", 28},
                                 {"0 0 H(29-31) * *", 3},    {"0 0 1 H *", 12},        {"0 0 * * H", 7},
                                 {"0 0 * * H(mon-fri)", 5}};
  for (const Row& row : rows) {
    CAPTURE(row.expression);
    std::map<std::string, int> uses;
    for (int number = 0; number < 1000; ++number) {
      const CronExpression fixed =
          CronExpression::parse(row.expression).spread("team/tool/" + std::to_string(number));
      REQUIRE(fixed.next(Timestamp{}, "UTC"));
      ++uses[fixed.text()];
    }
    CHECK(uses.size() == row.values);
    for (const auto& use : uses) {
      CAPTURE(use.first);
      CHECK(use.second < 2000 / static_cast<int>(row.values) + 20);
    }
  }
  CHECK(CronExpression::parse("H(5-5),30-32 H(3-3)/6 * * *").spread("x").text() == "5,30-32 3-3/6 * * *");
}

TEST_CASE("what may never come is known before the seed is") {
  CHECK(CronExpression::parse("0 0 29 2 *").always_comes());
  CHECK(CronExpression::parse("0 0 H H *").always_comes());
  CHECK(CronExpression::parse("0 0 H(28-31) * *").always_comes());
  CHECK(CronExpression::parse("0 0 30 H(3-12) *").always_comes());
  CHECK(CronExpression::parse("0 0 L 2 *").always_comes());
  CHECK_FALSE(CronExpression::parse("0 0 30 2 *").always_comes());
  CHECK_FALSE(CronExpression::parse("0 0 30 H *").always_comes());
  CHECK_FALSE(CronExpression::parse("0 0 H(28-31) 2 *").always_comes());
}

TEST_CASE("the local clock of the zone decides") {
  CHECK(next("0 3 * * *", "2026-11-20T12:00:00Z", "Europe/Berlin") == "2026-11-21T02:00:00.000Z");
  CHECK(next("0 3 * * *", "2026-07-20T12:00:00Z", "Europe/Berlin") == "2026-07-21T01:00:00.000Z");
  CHECK(next("0 9 * * 1", "2026-11-20T12:00:00Z", "Asia/Kathmandu") == "2026-11-23T03:15:00.000Z");
  CHECK_THROWS_AS(next("0 3 * * *", "2026-11-20T12:00:00Z", "Europe/Berlim"), Error);
}

TEST_CASE("a local time left out by daylight saving runs at the end of the gap, once") {
  // Berlin, 29 March 2026: 01:59:59 is followed by 03:00:00 (01:00 UTC).
  CHECK(next("30 2 * * *", "2026-03-28T12:00:00Z", "Europe/Berlin") == "2026-03-29T01:00:00.000Z");
  CHECK(next("30 2 * * *", "2026-03-29T01:00:00Z", "Europe/Berlin") == "2026-03-30T00:30:00.000Z");
  CHECK(next("*/20 2 * * *", "2026-03-29T01:00:00Z", "Europe/Berlin") == "2026-03-30T00:00:00.000Z");
  // Lord Howe moves by half an hour: 02:00 becomes 02:30 on 4 October 2026 (15:30 UTC the day before).
  CHECK(next("15 2 * * *", "2026-10-03T12:00:00Z", "Australia/Lord_Howe") == "2026-10-03T15:30:00.000Z");
  CHECK(next("30 2 * * *", "2026-10-03T12:00:00Z", "Australia/Lord_Howe") == "2026-10-03T15:30:00.000Z");
}

TEST_CASE("a local time that happens twice runs the first time only") {
  // Berlin, 25 October 2026: 02:30 is 00:30 and 01:30 UTC.
  CHECK(next("30 2 * * *", "2026-10-24T12:00:00Z", "Europe/Berlin") == "2026-10-25T00:30:00.000Z");
  CHECK(next("30 2 * * *", "2026-10-25T00:30:00Z", "Europe/Berlin") == "2026-10-26T01:30:00.000Z");
  CHECK(next("* * * * *", "2026-10-25T00:59:00Z", "Europe/Berlin") == "2026-10-25T02:00:00.000Z");
}

TEST_CASE("what is not a schedule is refused with the field and what is allowed") {
  struct Row {
    std::string expression, part;
  };
  const std::vector<Row> rows = {
      {"", "has 0 fields"},
      {"* * * *", "has 4 fields"},
      {"0 3 * * * root", "has 6 fields"},
      {"3", "has 1 field;"},
      {"@reboot", "@hourly"},
      {"60 * * * *", "minute \"60\": 60 is out of range; allowed are 0 to 59"},
      {"* 24 * * *", "hour \"24\": 24 is out of range; allowed are 0 to 23"},
      {"* * 0 * *", "day of month \"0\": 0 is out of range; allowed are 1 to 31"},
      {"* * * 13 *", "month \"13\": 13 is out of range; allowed are 1 to 12 or jan to dec"},
      {"* * * * 8", "day of week \"8\": 8 is out of range; allowed are 0 to 7 or sun to sat"},
      {"* * * * monday", "\"monday\" is not a value"},
      {"L * * * *", "\"L\" is not a value"},
      {"* * 5L * *", "\"5L\" is not a value"},
      {"* * * * L", "a day is missing"},
      {"* * * * 8L", "8 is out of range"},
      {"* * * * 5#6", "\"6\" after # is not a number from 1 to 5"},
      {"* * * * 5#", "\"\" after # is not a number from 1 to 5"},
      {"* * * * #2", "a day is missing"},
      {"h * * * *",
       "\"h\" is not a value; allowed are 0 to 59, ranges such as 1-4, steps such as */2, lists "
       "of these with commas, and H for a value of the changeling's own"},
      {"H(5) * * * *", "H takes a range, as in H(0-59)"},
      {"H(0-70) * * * *", "70 is out of range"},
      {"H(0-10 * * * *", "H takes a range"},
      {"H(10-0) * * * *", "runs backwards"},
      {"H/0 * * * *", "a step must be 1 or more"},
      {"5/10 * * * *", "needs a range or *"},
      {"*/0 * * * *", "a step must be 1 or more"},
      {"*/x * * * *", "a step is a whole number"},
      {"*/99999999999999999999 * * * *", "a step is a whole number"},
      {"30-10 * * * *", "runs backwards"},
      {"1,,2 * * * *", "a value is missing"},
      {"1- * * * *", "a value is missing"},
      {"-1 * * * *", "a value is missing"},
      {"99999999999999999999 * * * *", "is out of range"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.expression);
    const Error error = error_of(row.expression);
    CHECK(error.kind() == ErrorKind::Invalid);
    CHECK_MESSAGE(std::string(error.what()).find(row.part) != std::string::npos, error.what());
    CHECK_FALSE(error.hint().empty());
  }
}
