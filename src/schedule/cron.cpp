#include "schedule/cron.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "schedule/zone.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::schedule {
namespace {

/// What one of the five fields may hold.
struct FieldRule {
  std::string_view name;
  unsigned lowest;
  unsigned highest;
  std::span<const std::string_view> words;  ///< words[0] stands for the number `first_word`.
  unsigned first_word;
};

constexpr std::array<std::string_view, 12> month_words = {"jan", "feb", "mar", "apr", "may", "jun",
                                                          "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekday_words = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

constexpr std::array<FieldRule, 5> field_rules = {{
    {"minute", 0, 59, {}, 0},
    {"hour", 0, 23, {}, 0},
    {"day of month", 1, 31, {}, 0},
    {"month", 1, 12, month_words, 1},
    {"day of week", 0, 7, weekday_words, 0},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> nicknames = {{
    {"@hourly", "0 * * * *"},
    {"@daily", "0 0 * * *"},
    {"@midnight", "0 0 * * *"},
    {"@weekly", "0 0 * * 0"},
    {"@monthly", "0 0 1 * *"},
    {"@yearly", "0 0 1 1 *"},
    {"@annually", "0 0 1 1 *"},
}};

constexpr std::string_view example = "for example \"30 3 * * 1-5\" is 03:30 from Monday to Friday";

std::string allowed_values(const FieldRule& rule) {
  std::string text = fmt::format("{} to {}", rule.lowest, rule.highest);
  if (!rule.words.empty()) text += fmt::format(" or {} to {}", rule.words.front(), rule.words.back());
  return text;
}

[[noreturn]] void refuse(const FieldRule& rule, std::string_view field_text, std::string_view problem) {
  throw Error(
      ErrorKind::Invalid,
      fmt::format("{} \"{}\": {}; allowed are {}, ranges such as {}-{}, steps such as */{}, and lists of "
                  "these with commas",
                  rule.name, field_text, problem, allowed_values(rule), rule.lowest + 1, rule.lowest + 4,
                  rule.lowest + 2),
      std::string(example));
}

/// A number of the field, or its name of three letters in any case.
unsigned parse_value(const FieldRule& rule, std::string_view field_text, std::string_view word) {
  if (word.empty()) refuse(rule, field_text, "a value is missing");
  const std::string lower = to_lower(word);
  for (std::size_t index = 0; index < rule.words.size(); ++index) {
    if (rule.words[index] == lower) return rule.first_word + static_cast<unsigned>(index);
  }
  unsigned value = 0;
  for (const char digit : word) {
    if (digit < '0' || digit > '9') refuse(rule, field_text, fmt::format("\"{}\" is not a value", word));
    value = value * 10 + static_cast<unsigned>(digit - '0');
    if (value > 9999) break;
  }
  if (value < rule.lowest || value > rule.highest) {
    refuse(rule, field_text, fmt::format("{} is out of range", word));
  }
  return value;
}

unsigned parse_step(const FieldRule& rule, std::string_view field_text, std::string_view word) {
  unsigned step = 0;
  for (const char digit : word) {
    if (digit < '0' || digit > '9' || step > 9999) refuse(rule, field_text, "a step is a whole number");
    step = step * 10 + static_cast<unsigned>(digit - '0');
  }
  if (step == 0) refuse(rule, field_text, "a step must be 1 or more");
  return step;
}

/// The values of one field. 7 stays 7 in the day of week; the caller folds it onto Sunday.
std::vector<unsigned> parse_field(const FieldRule& rule, std::string_view field_text) {
  std::vector<unsigned> values;
  for (const std::string& item : split(field_text, ',')) {
    const std::string_view text = item;
    const auto slash = text.find('/');
    const std::string_view range = text.substr(0, slash);
    const auto dash = range.find('-');
    unsigned first = rule.lowest;
    unsigned last = rule.highest;
    if (range == "*") {
      // The whole range, which first and last are already.
    } else if (dash != std::string_view::npos) {
      first = parse_value(rule, field_text, range.substr(0, dash));
      last = parse_value(rule, field_text, range.substr(dash + 1));
      if (first > last) {
        refuse(rule, field_text, fmt::format("the range {} runs backwards (write it as two ranges)", range));
      }
    } else {
      first = last = parse_value(rule, field_text, range);
      if (slash != std::string_view::npos) {
        refuse(rule, field_text, fmt::format("the step in \"{}\" needs a range or * before it", text));
      }
    }
    const unsigned step =
        slash == std::string_view::npos ? 1 : parse_step(rule, field_text, text.substr(slash + 1));
    for (unsigned value = first; value <= last; value += step) values.push_back(value);
  }
  return values;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  constexpr std::string_view blanks = " \t";
  for (auto start = text.find_first_not_of(blanks); start != std::string_view::npos;) {
    const auto end = text.find_first_of(blanks, start);
    words.emplace_back(text.substr(start, end - start));
    start = text.find_first_not_of(blanks, end);
  }
  return words;
}

}  // namespace

CronExpression CronExpression::parse(std::string_view text) {
  std::string_view expression = text;
  if (text.starts_with('@')) {
    const auto* const nickname = std::find_if(nicknames.begin(), nicknames.end(),
                                              [&](const auto& entry) { return entry.first == text; });
    if (nickname == nicknames.end()) {
      throw Error(
          ErrorKind::Invalid,
          fmt::format("\"{}\" is not a schedule; allowed are five fields, @hourly, @daily, @midnight, "
                      "@weekly, @monthly, @yearly and @annually",
                      text),
          std::string(example));
    }
    expression = nickname->second;
  }
  const std::vector<std::string> fields = words_of(expression);
  if (fields.size() != field_rules.size()) {
    throw Error(
        ErrorKind::Invalid,
        fmt::format("\"{}\" has {} field{}; a schedule has five: minute, hour, day of month, month, day of "
                    "week",
                    text, fields.size(), fields.size() == 1 ? "" : "s"),
        std::string(example));
  }

  CronExpression result;
  result.text_ = text;
  for (const unsigned value : parse_field(field_rules[0], fields[0])) result.minutes_.set(value);
  for (const unsigned value : parse_field(field_rules[1], fields[1])) result.hours_.set(value);
  for (const unsigned value : parse_field(field_rules[2], fields[2])) result.days_of_month_.set(value);
  for (const unsigned value : parse_field(field_rules[3], fields[3])) result.months_.set(value);
  for (const unsigned value : parse_field(field_rules[4], fields[4])) result.days_of_week_.set(value % 7);
  // Debian's cron looks at the first character only: "*/2" counts as unrestricted.
  result.day_of_month_restricted_ = !fields[2].starts_with('*');
  result.day_of_week_restricted_ = !fields[4].starts_with('*');
  return result;
}

std::optional<Timestamp> CronExpression::next(Timestamp after, std::string_view time_zone) const {
  using std::chrono::days;
  using std::chrono::hours;
  using std::chrono::minutes;

  const Zone zone(time_zone);
  // The rule that maps local to real time never decreases, so nothing before the local time of `after` can
  // still be ahead: that is where the search starts.
  const auto start = std::chrono::floor<minutes>(zone.to_local(after));
  const auto start_day = std::chrono::floor<days>(start);
  const std::chrono::year_month_day start_date(start_day);
  const auto last_day = std::chrono::local_days(std::chrono::year_month_day_last(
      start_date.year() + std::chrono::years(8), std::chrono::month_day_last(start_date.month())));

  for (auto day = start_day; day <= last_day; day += days(1)) {
    const std::chrono::year_month_day date(day);
    if (!months_.test(unsigned(date.month()))) continue;
    const bool by_date = days_of_month_.test(unsigned(date.day()));
    const bool by_weekday = days_of_week_.test(std::chrono::weekday(day).c_encoding());
    const bool either = day_of_month_restricted_ && day_of_week_restricted_;
    if (either ? !(by_date || by_weekday) : !(by_date && by_weekday)) continue;

    for (unsigned hour = 0; hour < hours_.size(); ++hour) {
      if (!hours_.test(hour)) continue;
      for (unsigned minute = 0; minute < minutes_.size(); ++minute) {
        if (!minutes_.test(minute)) continue;
        const auto local = day + hours(hour) + minutes(minute);
        if (local < start) continue;
        const Timestamp candidate = zone.to_system(local);
        if (candidate > after) return candidate;
      }
    }
  }
  return std::nullopt;
}

}  // namespace changeling::schedule
