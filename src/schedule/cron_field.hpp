#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace changeling::schedule {

enum class CronFieldKind { Minute, Hour, DayOfMonth, Month, DayOfWeek };

/// What one of the five fields may hold.
struct CronFieldRule {
  CronFieldKind kind;
  std::string_view name;
  unsigned lowest;
  unsigned highest;
  std::span<const std::string_view> words;  ///< words[0] stands for the number `first_word`.
  unsigned first_word;
  unsigned highest_spread;  ///< What H without a range chooses from ends here: the 28th is in every month.
};

/// In the order in which they are written.
extern const std::array<CronFieldRule, 5> cron_field_rules;

/// The content of one field. 7 stays 7 in the day of week; the caller folds it onto Sunday.
struct CronField {
  std::vector<unsigned> values;
  bool open = false;                    ///< An H is in it, whose value is not among `values` yet.
  bool last_day = false;                ///< "L" in the day of month.
  std::vector<unsigned> last_weekdays;  ///< "5L" in the day of week: the month's last Friday.
  /// "5#2" in the day of week: the month's second Friday, as weekday and number.
  std::vector<std::pair<unsigned, unsigned>> numbered_weekdays;
};

/// Throws Error(Invalid) that names the field, what is wrong with it, and the allowed values.
CronField parse_cron_field(const CronFieldRule& rule, std::string_view text);

/// The field with a value in the place of every H. `pick` gets the number of values that there are to choose
/// from and answers with one below it. The field must be one that parse_cron_field accepts.
std::string fix_cron_field(const CronFieldRule& rule, std::string_view text,
                           const std::function<unsigned(unsigned count)>& pick);

}  // namespace changeling::schedule
