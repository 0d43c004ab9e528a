// Every change of the clock in twenty years and three zones, one of which moves by half an hour.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "minute_walk.hpp"
#include "schedule/cron.hpp"

using namespace changeling;
using namespace changeling::test;
using changeling::schedule::CronExpression;

namespace {

constexpr std::array<const char*, 3> zones = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"};
const std::string first_moment = "2016-01-01T00:00:00Z";
const std::string last_moment = "2036-01-01T00:00:00Z";
constexpr std::time_t hour = 3600;

std::tm local_clock(std::time_t moment) {
  std::tm local{};
  localtime_r(&moment, &local);
  return local;
}

/// Full hours in UTC before which the offset of the process's zone is another one than at them.
std::vector<std::time_t> offset_changes() {
  std::vector<std::time_t> changes;
  auto offset = local_clock(seconds(first_moment)).tm_gmtoff;
  for (std::time_t moment = seconds(first_moment); moment < seconds(last_moment); moment += hour / 2) {
    const auto now = local_clock(moment).tm_gmtoff;
    if (now != offset) changes.push_back(moment);
    offset = now;
  }
  return changes;
}

Timestamp timestamp(std::time_t moment) {
  return Timestamp(std::chrono::seconds(moment));
}

std::time_t moment_of(Timestamp time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::vector<Timestamp> timestamps(const std::set<std::time_t>& moments) {
  std::vector<Timestamp> times;
  for (const std::time_t moment : moments) times.push_back(timestamp(moment));
  return times;
}

/// From one to the next, backwards: all in [from, until].
std::vector<Timestamp> walk_back(const CronExpression& cron, const char* zone, Timestamp from,
                                 Timestamp until) {
  std::vector<Timestamp> times;
  auto time = cron.previous(until, zone);
  for (; time && *time >= from; time = cron.previous(*time - Duration(1), zone)) {
    REQUIRE((times.empty() || *time < times.back()));
    times.push_back(*time);
  }
  std::reverse(times.begin(), times.end());
  return times;
}

}  // namespace

TEST_CASE("around every change the times are those of a walk from minute to minute, in both directions") {
  RandomExpression random(20261121);
  const std::vector<std::string> always = {"* * * * *", "*/7 * * * *", "0 * * * *", "30 2 * * *",
                                           "15,45 1-3 * * *"};
  for (const char* zone : zones) {
    CAPTURE(zone);
    const ProcessZone process_zone(zone);
    const std::vector<std::time_t> changes = offset_changes();
    REQUIRE(changes.size() == 40);
    for (const std::time_t change : changes) {
      CAPTURE(format_timestamp(timestamp(change)));
      const std::time_t from = change - 26 * hour;
      const std::time_t until = change + 26 * hour;
      const std::vector<LocalMinute> minutes = walk(from, until);
      std::vector<std::string> expressions = always;
      for (int round = 0; round < 5; ++round) expressions.push_back(random());
      for (const std::string& expression : expressions) {
        CAPTURE(expression);
        const CronExpression cron = CronExpression::parse(expression);
        const std::vector<Timestamp> due = timestamps(due_moments(expression, minutes));
        const Timestamp before = timestamp(from) - Duration(1);
        const Timestamp last = timestamp(until) - Duration(1);
        REQUIRE(cron.between(before, last, zone, 100'000) == due);
        REQUIRE(walk_back(cron, zone, timestamp(from), last) == due);
        std::vector<Timestamp> visited;
        for (auto time = cron.next(before, zone); time && *time <= last; time = cron.next(*time, zone)) {
          REQUIRE((visited.empty() || *time > visited.back()));
          visited.push_back(*time);
        }
        REQUIRE(visited == due);
        // Of any moment: what is next is after it, what is previous is not, and nothing lies between the two.
        for (int probe = 0; probe < 10; ++probe) {
          const Timestamp moment = timestamp(from + random.between(0, static_cast<int>(until - from) - 1));
          const auto next = cron.next(moment, zone);
          const auto previous = cron.previous(moment, zone);
          REQUIRE((next && previous));
          REQUIRE(*previous <= moment);
          REQUIRE(moment < *next);
          REQUIRE(cron.next(*previous, zone) == next);
          REQUIRE(cron.previous(*next - Duration(1), zone) == previous);
        }
      }
    }
  }
}

TEST_CASE("what is daily comes exactly once on every local day of twenty years") {
  for (const char* zone : zones) {
    CAPTURE(zone);
    const ProcessZone process_zone(zone);
    for (const std::string expression :
         {"@daily", "30 2 * * *", "15 2 * * *", "0 3 * * *", "59 1 * * *", "59 23 * * *"}) {
      CAPTURE(expression);
      const CronExpression cron = CronExpression::parse(expression);
      const auto times =
          cron.between(parse_timestamp(first_moment), parse_timestamp(last_moment), zone, 10'000);
      REQUIRE(times.size() >= 7304);
      std::tm day = local_clock(moment_of(times.front()));
      for (std::size_t index = 1; index < times.size(); ++index) {
        ++day.tm_mday;
        day.tm_hour = 12;
        day.tm_isdst = -1;
        std::mktime(&day);
        const std::tm local = local_clock(moment_of(times[index]));
        REQUIRE(local.tm_year == day.tm_year);
        REQUIRE(local.tm_yday == day.tm_yday);
      }
    }
  }
}

TEST_CASE("twenty schedules are looked up well within a tick") {
  const std::vector<std::string> expressions = {"0 0 29 2 *", "* * * * *", "0 0 * * 5#5", "59 23 31 12 *"};
  const auto begin = std::chrono::steady_clock::now();
  for (int number = 0; number < 20; ++number) {
    const CronExpression cron = CronExpression::parse(expressions[static_cast<std::size_t>(number) % 4]);
    REQUIRE(cron.next(parse_timestamp("2028-02-29T12:00:00Z"), "Europe/Berlin"));
    REQUIRE(cron.previous(parse_timestamp("2028-02-28T12:00:00Z"), "America/New_York"));
  }
  // Reading the time-zone database and forty answers take one to two milliseconds; a tick has fifty.
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(50));
}
