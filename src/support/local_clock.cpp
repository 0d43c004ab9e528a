#include "support/local_clock.hpp"

#include <cstdlib>
#include <ctime>

namespace changeling {

std::optional<std::string> time_zone_of_environment() {
  const char* value = std::getenv("TZ");
  if (value == nullptr) return std::nullopt;
  return value[0] == ':' ? value + 1 : value;
}

std::tm local_calendar(Timestamp moment) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch().count();
  std::tm local{};
  localtime_r(&seconds, &local);
  return local;
}

Timestamp midnight_of(std::tm day) {
  day.tm_sec = day.tm_min = day.tm_hour = 0;
  day.tm_isdst = -1;
  return Timestamp(std::chrono::seconds(std::mktime(&day)));
}

Timestamp beginning_of_day(const std::string& day) {
  // Not by way of the system's clock, whose nanoseconds end in 2262.
  const std::time_t in_utc = std::chrono::floor<std::chrono::seconds>(parse_timestamp(day + "T00:00:00Z"))
                                 .time_since_epoch()
                                 .count();
  std::tm midnight{};
  gmtime_r(&in_utc, &midnight);
  return midnight_of(midnight);
}

}  // namespace changeling
