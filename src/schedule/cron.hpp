#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schedule/zone.hpp"
#include "support/clock.hpp"

namespace changeling::schedule {

/// The five fields of an expression as they are written, @daily and the like written out; not checked
/// further. Throws Error(Invalid) for an unknown @word.
std::vector<std::string> cron_fields(std::string_view text);

/// A five-field cron expression as in crontab(5) of Debian's cron: minute, hour, day of month, month, day of
/// week; names, ranges, steps, lists; @hourly @daily @midnight @weekly @monthly @yearly @annually.
/// When both day fields are restricted, a day matches if either does (crontab(5)); Sunday is 0 and 7.
/// Besides: L in the day of month is its last day, 5L in the day of week the month's last Friday and 5#2 its
/// second. H, H(0-29), H/15 and H(0-29)/10 stand for a value that spread() chooses, so that not everything
/// starts on the hour.
///
/// Daylight saving, one rule for everything: a local time that does not exist comes at the first moment after
/// the gap; one that happens twice comes the first time only.
class CronExpression {
 public:
  /// Throws Error(Invalid) that names the field, what is wrong with it, and the allowed values.
  static CronExpression parse(std::string_view text);

  /// As it was written; after spread() with numbers in the place of H.
  const std::string& text() const { return text_; }

  /// Whether an H waits for spread(). Such an expression has no times yet.
  bool is_open() const { return open_; }

  /// The expression with a value for every H, which depends on nothing but the seed and the field: the same
  /// seed gives the same times on every machine, in every version. Without an H the expression itself.
  [[nodiscard]] CronExpression spread(std::string_view seed) const;

  /// Whether a time comes, whatever the seed: not for "0 0 30 2 *", nor for "0 0 30 H *".
  bool always_comes() const;

  /// The first time after `after` at which the local clock of `time_zone` matches; nothing when none comes
  /// within eight years. Like the two below, throws Error(Internal) for an open expression, and what Zone
  /// throws.
  std::optional<Timestamp> next(Timestamp after, std::string_view time_zone) const;

  /// The last such time at or before a moment; nothing within eight years.
  std::optional<Timestamp> previous(Timestamp before_or_at, std::string_view time_zone) const;

  /// The first `limit` times after `after` and not after `until`, oldest first.
  std::vector<Timestamp> between(Timestamp after, Timestamp until, std::string_view time_zone,
                                 std::size_t limit) const;

 private:
  using LocalMinute = std::chrono::local_time<std::chrono::minutes>;
  using Pick = std::function<unsigned(std::size_t field, unsigned count)>;

  CronExpression fix(const Pick& pick) const;
  void require_times() const;
  std::optional<Timestamp> next_in(const Zone& zone, Timestamp after) const;
  std::bitset<32> matching_days(std::chrono::year_month month) const;
  bool matches_minute_of_day(unsigned minute) const;
  std::optional<LocalMinute> first_from(LocalMinute earliest) const;
  std::optional<LocalMinute> last_until(LocalMinute latest) const;

  std::string text_;
  bool open_ = false;
  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_of_month_;  ///< 1 to 31.
  std::bitset<13> months_;         ///< 1 to 12.
  std::bitset<7> days_of_week_;    ///< 0 is Sunday.
  bool last_day_of_month_ = false;
  std::bitset<7> last_weekdays_;                     ///< The last one of the month.
  std::array<std::bitset<7>, 5> numbered_weekdays_;  ///< The first to the fifth one of the month.
  bool day_of_month_restricted_ = false;
  bool day_of_week_restricted_ = false;
};

}  // namespace changeling::schedule
