// next() against a walk from minute to minute.
#include <doctest/doctest.h>

#include "minute_walk.hpp"
#include "schedule/cron.hpp"

using namespace changeling;
using namespace changeling::test;
using changeling::schedule::CronExpression;

TEST_CASE("next() agrees with a minute-by-minute walk, also across daylight-saving changes") {
  struct Window {
    std::string zone, from, until;
  };
  const std::vector<Window> windows = {
      {"Europe/Berlin", "2026-03-27T00:00:00Z", "2026-03-31T00:00:00Z"},
      {"Europe/Berlin", "2026-10-23T00:00:00Z", "2026-10-27T00:00:00Z"},
      {"America/New_York", "2026-03-06T00:00:00Z", "2026-03-10T00:00:00Z"},
      {"America/New_York", "2026-10-30T00:00:00Z", "2026-11-03T00:00:00Z"},
      {"Australia/Lord_Howe", "2026-10-02T00:00:00Z", "2026-10-06T00:00:00Z"},
      {"Australia/Lord_Howe", "2026-04-03T00:00:00Z", "2026-04-07T00:00:00Z"},
      {"UTC", "2028-02-27T00:00:00Z", "2028-03-02T00:00:00Z"},
      {"Pacific/Apia", "2011-12-28T00:00:00Z", "2012-01-02T00:00:00Z"},  // A whole day was left out.
  };
  constexpr unsigned seed = 20261120;
  RandomExpression random(seed);
  for (const Window& window : windows) {
    CAPTURE(window.zone);
    CAPTURE(window.from);
    const ProcessZone zone(window.zone);
    const std::time_t from = seconds(window.from);
    const std::time_t until = seconds(window.until);
    const std::vector<LocalMinute> minutes = walk(from, until);
    for (int round = 0; round < 25; ++round) {
      const std::string expression = random();
      CAPTURE(expression);
      const std::set<std::time_t> due = due_moments(expression, minutes);

      // From one to the next, next() visits exactly the moments of the model.
      const CronExpression cron = CronExpression::parse(expression);
      std::set<std::time_t> visited;
      Timestamp time = Timestamp(std::chrono::seconds(from)) - std::chrono::milliseconds(1);
      while (const auto following = cron.next(time, window.zone)) {
        REQUIRE(*following > time);
        time = *following;
        const std::time_t moment =
            std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
        if (moment >= until) break;
        visited.insert(moment);
      }
      REQUIRE(visited == due);

      // And from any moment in between it finds the first one after it.
      for (int probe = 0; probe < 20; ++probe) {
        const std::time_t moment = from + random.between(0, static_cast<int>(until - from) - 1);
        const auto expected = due.upper_bound(moment);
        if (expected == due.end()) continue;
        REQUIRE(cron.next(Timestamp(std::chrono::seconds(moment)), window.zone) ==
                Timestamp(std::chrono::seconds(*expected)));
      }
    }
  }
}
