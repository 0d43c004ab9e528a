#include "schedule/local_time.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "schedule/zone.hpp"

namespace changeling::schedule {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr std::array<std::string_view, 7> weekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                      "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months = {"January",   "February", "March",    "April",
                                                     "May",       "June",     "July",     "August",
                                                     "September", "October",  "November", "December"};

struct LocalParts {
  std::chrono::year_month_day date;
  std::chrono::weekday weekday;
  std::chrono::hh_mm_ss<minutes> time;
};

LocalParts parts_of(Timestamp time, std::string_view zone) {
  const auto local = std::chrono::floor<minutes>(schedule::Zone(zone).to_local(time));
  const auto day = std::chrono::floor<days>(local);
  return {std::chrono::year_month_day(day), std::chrono::weekday(day), std::chrono::hh_mm_ss(local - day)};
}

std::string_view name_of(std::chrono::weekday day) {
  return weekdays[day.c_encoding()];
}

std::string_view name_of(std::chrono::month month) {
  return months[unsigned(month) - 1];
}

}  // namespace

std::string local_time_of_day(Timestamp time, std::string_view zone) {
  const LocalParts parts = parts_of(time, zone);
  return fmt::format("{:02}:{:02}", parts.time.hours().count(), parts.time.minutes().count());
}

std::string local_date_and_time(Timestamp time, std::string_view zone) {
  const LocalParts parts = parts_of(time, zone);
  return fmt::format("{} {:2} {} {}", name_of(parts.weekday).substr(0, 3), unsigned(parts.date.day()),
                     name_of(parts.date.month()).substr(0, 3), local_time_of_day(time, zone));
}

std::string local_date(Timestamp time, std::string_view zone) {
  const auto date = parts_of(time, zone).date;
  return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

std::string describe_date(std::string_view date) {
  const Timestamp noon = parse_timestamp(fmt::format("{}T12:00:00Z", date));
  const std::chrono::year_month_day day(std::chrono::floor<days>(noon));
  return fmt::format("{}, {} {}", name_of(std::chrono::weekday(std::chrono::floor<days>(noon))),
                     unsigned(day.day()), name_of(day.month()));
}

}  // namespace changeling::schedule
