#include "support/local_clock.hpp"

#include <cstdlib>
#include <ctime>

namespace changeling {

std::optional<std::string> time_zone_of_environment() {
  const char* value = std::getenv("TZ");
  if (value == nullptr) return std::nullopt;
  return value[0] == ':' ? value + 1 : value;
}

Timestamp beginning_of_day(const std::string& day) {
  const std::time_t in_utc = std::chrono::system_clock::to_time_t(parse_timestamp(day + "T00:00:00Z"));
  std::tm midnight{};
  gmtime_r(&in_utc, &midnight);
  midnight.tm_isdst = -1;
  return std::chrono::floor<Duration>(std::chrono::system_clock::from_time_t(std::mktime(&midnight)));
}

}  // namespace changeling
