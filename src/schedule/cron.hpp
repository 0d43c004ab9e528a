#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "support/clock.hpp"

namespace changeling::schedule {

/// A five-field cron expression as in crontab(5) of Debian's cron: minute, hour, day of month, month, day of
/// week; names, ranges, steps, lists; @hourly @daily @midnight @weekly @monthly @yearly @annually.
/// When both day fields are restricted, a day matches if either does (crontab(5)); Sunday is 0 and 7.
class CronExpression {
 public:
  /// Throws Error(Invalid) that names the field, what is wrong with it, and the allowed values.
  static CronExpression parse(std::string_view text);

  const std::string& text() const { return text_; }

  /// The first time after `after` at which the local clock of `time_zone` matches; nothing when none comes
  /// within eight years ("0 0 30 2 *"). Daylight saving: a local time that does not exist runs at the
  /// first moment after the gap; one that happens twice runs the first time only.
  std::optional<Timestamp> next(Timestamp after, std::string_view time_zone) const;

 private:
  std::string text_;
  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_of_month_;  ///< 1 to 31.
  std::bitset<13> months_;         ///< 1 to 12.
  std::bitset<7> days_of_week_;    ///< 0 is Sunday.
  bool day_of_month_restricted_ = false;
  bool day_of_week_restricted_ = false;
};

}  // namespace changeling::schedule
