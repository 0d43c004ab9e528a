#pragma once

// The plainest model of a schedule there is: look at every minute, and ask libc for the local clock of the
// zone.

#include <array>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "support/clock.hpp"
#include "support/text.hpp"

namespace changeling::test {

/// Puts this process into a zone for libc's localtime, the second opinion, and back.
class ProcessZone {
 public:
  explicit ProcessZone(const std::string& name) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    setenv("TZ", name.c_str(), 1);
    tzset();
  }
  ~ProcessZone() {
    before_ ? setenv("TZ", before_->c_str(), 1) : unsetenv("TZ");
    tzset();
  }
  ProcessZone(const ProcessZone&) = delete;
  ProcessZone& operator=(const ProcessZone&) = delete;

 private:
  std::optional<std::string> before_;
};

inline bool item_matches(const std::string& item, int value, int lowest, int highest) {
  const auto slash = item.find('/');
  const std::string range = item.substr(0, slash);
  const int step = slash == std::string::npos ? 1 : std::stoi(item.substr(slash + 1));
  int first = lowest, last = highest;
  if (range != "*") {
    first = std::stoi(range);
    const auto dash = range.find('-');
    last = dash == std::string::npos ? first : std::stoi(range.substr(dash + 1));
  }
  return value >= first && value <= last && (value - first) % step == 0;
}

/// The values of one field, tried one by one.
inline std::vector<bool> field_values(const std::string& field, int lowest, int highest) {
  std::vector<bool> values(static_cast<std::size_t>(highest) + 1);
  for (int value = lowest; value <= highest; ++value) {
    for (const std::string& item : split(field, ',')) {
      if (item_matches(item, value, lowest, highest)) values[static_cast<std::size_t>(value)] = true;
    }
  }
  return values;
}

/// The expression as the manual page words it.
class Model {
 public:
  explicit Model(const std::string& expression) {
    const std::vector<std::string> fields = split(expression, ' ');
    minutes_ = field_values(fields[0], 0, 59);
    hours_ = field_values(fields[1], 0, 23);
    dates_ = field_values(fields[2], 1, 31);
    months_ = field_values(fields[3], 1, 12);
    weekdays_ = field_values(fields[4], 0, 7);
    either_ = fields[2][0] != '*' && fields[4][0] != '*';
  }
  bool matches(const std::tm& local) const {
    const bool by_date = at(dates_, local.tm_mday);
    const bool by_weekday = at(weekdays_, local.tm_wday) || (local.tm_wday == 0 && at(weekdays_, 7));
    return at(minutes_, local.tm_min) && at(hours_, local.tm_hour) && at(months_, local.tm_mon + 1) &&
           (either_ ? by_date || by_weekday : by_date && by_weekday);
  }

 private:
  static bool at(const std::vector<bool>& values, int index) {
    return values[static_cast<std::size_t>(index)];
  }
  std::vector<bool> minutes_, hours_, dates_, months_, weekdays_;
  bool either_ = false;
};

/// A real moment and a local minute that comes due at it.
struct LocalMinute {
  std::time_t moment;
  std::tm local;
};

/// Walks over the real minutes of [from, until): a minute whose local time was seen before brings nothing
/// new, and when the local clock jumps, what it jumped over comes due at once.
inline std::vector<LocalMinute> walk(std::time_t from, std::time_t until) {
  std::vector<LocalMinute> minutes;
  std::time_t latest = 0;  // The furthest reading of the local clock, as if it were UTC.
  for (std::time_t now = from - 3 * 3600; now < until; now += 60) {
    std::tm local{};
    localtime_r(&now, &local);
    const std::time_t reading = timegm(&local);
    for (std::time_t minute = latest == 0 ? reading : latest + 60; minute <= reading; minute += 60) {
      std::tm broken_down{};
      gmtime_r(&minute, &broken_down);
      if (now >= from) minutes.push_back({now, broken_down});
    }
    latest = std::max(latest, reading);
  }
  return minutes;
}

inline std::set<std::time_t> due_moments(const std::string& expression,
                                         const std::vector<LocalMinute>& minutes) {
  const Model model(expression);
  std::set<std::time_t> due;
  for (const LocalMinute& minute : minutes) {
    if (model.matches(minute.local)) due.insert(minute.moment);
  }
  return due;
}

class RandomExpression {
 public:
  explicit RandomExpression(unsigned seed) : random_(seed) {}

  std::string operator()() {
    // Hours near the changes of daylight saving are worth more than others.
    return field(0, 59) + " " + (one_in(3) ? field(0, 4) : field(0, 23)) + " " + day(1, 31) + " " +
           (one_in(4) ? field(1, 12) : "*") + " " + day(0, 7);
  }
  int between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

 private:
  bool one_in(int n) { return between(1, n) == 1; }
  std::string day(int low, int high) { return one_in(3) ? field(low, high) : "*"; }
  std::string item(int low, int high) {
    const int first = between(low, high);
    switch (between(0, 4)) {
      case 0:
        return "*";
      case 1:
        return "*/" + std::to_string(between(1, high));
      case 2:
        return std::to_string(first) + "-" + std::to_string(between(first, high));
      case 3:
        return std::to_string(first) + "-" + std::to_string(between(first, high)) + "/" +
               std::to_string(between(1, 9));
      default:
        return std::to_string(first);
    }
  }
  std::string field(int low, int high) {
    std::string text = item(low, high);
    while (one_in(3)) text += "," + item(low, high);
    return text;
  }
  std::mt19937 random_;
};

inline std::time_t seconds(const std::string& text) {
  return std::chrono::duration_cast<std::chrono::seconds>(parse_timestamp(text).time_since_epoch()).count();
}

}  // namespace changeling::test
