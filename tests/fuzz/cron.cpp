// An expression, spread with what follows its line, and its next and last times.
#include "schedule/cron.hpp"

#include "fuzzing.hpp"

void take(std::string_view input) {
  const std::string_view text = take_part(input, '\n');
  const auto cron = changeling::schedule::CronExpression::parse(text).spread(input);
  require(!cron.is_open());
  require(changeling::schedule::CronExpression::parse(cron.text()).text() == cron.text());
  const changeling::Timestamp now{std::chrono::milliseconds(1'790'000'000'000)};
  const auto next = cron.next(now, "Europe/Berlin");
  require(!next || *next > now);
  if (next) require(cron.previous(*next, "Europe/Berlin") == next);
}

CHANGELING_FUZZ_TARGET
