#include "support/clock.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};

constexpr std::array units{
    Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1'000}, Unit{"ms", 1},
};

/// A thousand years: added to a time, and taken from it, it leaves a year of four digits.
constexpr std::int64_t longest_duration = std::int64_t{365'000} * 86'400'000;

[[noreturn]] void refuse_duration(std::string_view text) {
  throw Error(ErrorKind::Invalid,
              fmt::format("'{}' is not a duration; write it like 90s, 15m, 1h30m or 7d", shortened(text)));
}

[[noreturn]] void refuse_timestamp(std::string_view text) {
  throw Error(ErrorKind::Invalid,
              fmt::format("'{}' is not a time; write it like 2026-11-20T03:00:00Z", shortened(text)));
}

/// Reads exactly `digits` digits at `position` and moves it on.
int read_digits(std::string_view text, std::size_t& position, std::size_t digits) {
  int value = 0;
  for (std::size_t count = 0; count < digits; ++count, ++position) {
    if (position >= text.size() || text[position] < '0' || text[position] > '9') refuse_timestamp(text);
    value = value * 10 + (text[position] - '0');
  }
  return value;
}

void expect(std::string_view text, std::size_t& position, std::string_view allowed) {
  if (position >= text.size() || allowed.find(text[position]) == std::string_view::npos)
    refuse_timestamp(text);
  ++position;
}

}  // namespace

Timestamp SystemClock::now() const {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

std::string format_timestamp(Timestamp time) {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

Timestamp parse_timestamp(std::string_view text) {
  std::size_t position = 0;
  const int year = read_digits(text, position, 4);
  expect(text, position, "-");
  const int month = read_digits(text, position, 2);
  expect(text, position, "-");
  const int day = read_digits(text, position, 2);
  expect(text, position, "Tt ");
  const int hour = read_digits(text, position, 2);
  expect(text, position, ":");
  const int minute = read_digits(text, position, 2);
  expect(text, position, ":");
  const int second = read_digits(text, position, 2);
  milliseconds fraction{0};
  if (position < text.size() && text[position] == '.') {
    ++position;
    int scale = 100;
    const std::size_t first = position;
    for (; position < text.size() && text[position] >= '0' && text[position] <= '9';
         ++position, scale /= 10) {
      fraction += milliseconds((text[position] - '0') * scale);
    }
    if (position == first) refuse_timestamp(text);
  }
  seconds offset{0};
  if (position < text.size() && (text[position] == 'Z' || text[position] == 'z')) {
    ++position;
  } else {
    const bool west = position < text.size() && text[position] == '-';
    expect(text, position, "+-");
    const int offset_hours = read_digits(text, position, 2);
    expect(text, position, ":");
    const int offset_minutes = read_digits(text, position, 2);
    if (offset_hours > 23 || offset_minutes > 59) refuse_timestamp(text);
    offset = std::chrono::hours(offset_hours) + std::chrono::minutes(offset_minutes);
    if (west) offset = -offset;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  // RFC 3339 allows second 60 for leap seconds; it becomes the next second.
  if (position != text.size() || !date.ok() || hour > 23 || minute > 59 || second > 60)
    refuse_timestamp(text);
  const Timestamp time = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                         std::chrono::minutes(minute) + seconds(second) + fraction - offset;
  // An offset can carry the time out of the years that can be written with four digits.
  const std::chrono::year in_utc = std::chrono::year_month_day(std::chrono::floor<days>(time)).year();
  if (in_utc < std::chrono::year(0) || in_utc > std::chrono::year(9999)) refuse_timestamp(text);
  return time;
}

Duration parse_duration(std::string_view text) {
  std::int64_t total = 0;
  std::size_t position = 0;
  std::size_t next_unit = 0;
  while (position < text.size()) {
    std::int64_t value = 0;
    const std::size_t first = position;
    for (; position < text.size() && text[position] >= '0' && text[position] <= '9'; ++position) {
      if (value > 100'000'000'000) refuse_duration(text);
      value = value * 10 + (text[position] - '0');
    }
    const std::size_t name_start = position;
    while (position < text.size() && text[position] >= 'a' && text[position] <= 'z') ++position;
    const std::string_view name = text.substr(name_start, position - name_start);
    if (name_start == first || name.empty()) refuse_duration(text);
    while (next_unit < units.size() && units[next_unit].name != name) ++next_unit;
    if (next_unit == units.size()) refuse_duration(text);
    const std::int64_t scale = units[next_unit].milliseconds;
    if (value > (longest_duration - total) / scale) {
      throw Error(ErrorKind::Invalid,
                  fmt::format("'{}' is too long; at most 365000d is possible", shortened(text)));
    }
    total += value * scale;
    ++next_unit;
  }
  if (text.empty()) refuse_duration(text);
  return Duration(total);
}

std::string format_duration(Duration duration) {
  std::int64_t rest = duration.count();
  if (rest == 0) return "0s";
  std::string text = rest < 0 ? "-" : "";
  rest = rest < 0 ? -rest : rest;
  for (const Unit& unit : units) {
    if (const std::int64_t count = rest / unit.milliseconds; count > 0) {
      text += fmt::format("{}{}", count, unit.name);
      rest -= count * unit.milliseconds;
    }
  }
  return text;
}

std::string describe_duration(Duration duration) {
  const double exact = static_cast<double>(duration.count()) / 1000.0;
  if (exact < 9.95) return fmt::format("{:.1f}s", exact);
  // What rounds to 10.0s loses its fraction already.
  const std::int64_t whole = std::max<std::int64_t>(10, duration.count() / 1000);
  if (whole < 60) return fmt::format("{}s", whole);
  if (whole < 3600) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  if (whole < 86'400) return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
  return fmt::format("{}d{}h", whole / 86'400, whole / 3600 % 24);
}

std::string describe_relative(Timestamp time, Timestamp now) {
  const bool past = time <= now;
  const std::int64_t distance = std::chrono::duration_cast<seconds>(past ? now - time : time - now).count();
  if (distance < 10) return past ? "just now" : "in a moment";
  const auto [count, unit] = distance < 60          ? std::pair(distance, "second")
                             : distance < 3600      ? std::pair(distance / 60, "minute")
                             : distance < 86'400    ? std::pair(distance / 3600, "hour")
                             : distance < 5'184'000 ? std::pair(distance / 86'400, "day")
                                                    : std::pair(distance / 2'592'000, "month");
  const std::string amount = fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
  return past ? amount + " ago" : "in " + amount;
}

}  // namespace changeling
