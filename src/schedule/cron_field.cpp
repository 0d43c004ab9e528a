#include "schedule/cron_field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::schedule {
namespace {

constexpr std::array<std::string_view, 12> month_words = {"jan", "feb", "mar", "apr", "may", "jun",
                                                          "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekday_words = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

std::string allowed_values(const CronFieldRule& rule) {
  std::string text = fmt::format("{} to {}", rule.lowest, rule.highest);
  if (!rule.words.empty()) text += fmt::format(" or {} to {}", rule.words.front(), rule.words.back());
  text += fmt::format(", ranges such as {}-{}, steps such as */{}, lists of these with commas",
                      rule.lowest + 1, rule.lowest + 4, rule.lowest + 2);
  if (rule.kind == CronFieldKind::DayOfMonth) text += ", L for the last day";
  if (rule.kind == CronFieldKind::DayOfWeek) text += ", 5L for the month's last Friday, 5#2 for its second";
  return text + ", and H for a value of the changeling's own";
}

/// An example that has something to do with the field.
std::string_view example(const CronFieldRule& rule) {
  switch (rule.kind) {
    case CronFieldKind::DayOfMonth:
      return "for example \"0 6 1,15 * *\" is 06:00 on the 1st and the 15th";
    case CronFieldKind::Month:
      return "for example \"0 6 1 jan,jul *\" is 06:00 on 1 January and 1 July";
    default:
      return "for example \"30 3 * * 1-5\" is 03:30 from Monday to Friday";
  }
}

[[noreturn]] void refuse(const CronFieldRule& rule, std::string_view field_text, std::string_view problem) {
  throw Error(
      ErrorKind::Invalid,
      fmt::format("{} \"{}\": {}; allowed are {}", rule.name, field_text, problem, allowed_values(rule)),
      std::string(example(rule)));
}

/// A number of the field, or its name of three letters in any case.
unsigned parse_value(const CronFieldRule& rule, std::string_view field_text, std::string_view word) {
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

unsigned parse_step(const CronFieldRule& rule, std::string_view field_text, std::string_view word) {
  unsigned step = 0;
  for (const char digit : word) {
    if (digit < '0' || digit > '9' || step > 9999) refuse(rule, field_text, "a step is a whole number");
    step = step * 10 + static_cast<unsigned>(digit - '0');
  }
  if (step == 0) refuse(rule, field_text, "a step must be 1 or more");
  return step;
}

/// One part of a field's list: a range with a step, which a single value is too.
struct Range {
  unsigned first;
  unsigned last;
  std::optional<unsigned> step;
  bool open = false;  ///< H: one value of the range, or a start below the step.
};

/// "1-5" with its ends in order.
void parse_ends(const CronFieldRule& rule, std::string_view field_text, std::string_view text, Range& range) {
  const auto dash = text.find('-');
  range.first = parse_value(rule, field_text, text.substr(0, dash));
  range.last = parse_value(rule, field_text, text.substr(dash + 1));
  if (range.first > range.last) {
    refuse(rule, field_text, fmt::format("the range {} runs backwards (write it as two ranges)", text));
  }
}

Range parse_range(const CronFieldRule& rule, std::string_view field_text, std::string_view item) {
  const auto slash = item.find('/');
  const std::string_view text = item.substr(0, slash);
  Range range{rule.lowest, rule.highest, std::nullopt, false};
  if (text == "*") {
    // The whole range, which first and last are already.
  } else if (text == "H") {
    range.open = true;
    range.last = rule.highest_spread;
  } else if (text.starts_with("H(")) {
    range.open = true;
    if (!text.ends_with(')') || text.find('-') == std::string_view::npos) {
      refuse(rule, field_text,
             fmt::format("\"{}\" is not a value (H takes a range, as in H({}-{}))", text, rule.lowest,
                         rule.highest_spread));
    }
    parse_ends(rule, field_text, text.substr(2, text.size() - 3), range);
  } else if (text.find('-') != std::string_view::npos) {
    parse_ends(rule, field_text, text, range);
  } else {
    range.first = range.last = parse_value(rule, field_text, text);
    if (slash != std::string_view::npos) {
      refuse(rule, field_text, fmt::format("the step in \"{}\" needs a range or * before it", item));
    }
  }
  if (slash != std::string_view::npos) range.step = parse_step(rule, field_text, item.substr(slash + 1));
  return range;
}

unsigned parse_weekday(const CronFieldRule& rule, std::string_view field_text, std::string_view word) {
  if (word.empty()) refuse(rule, field_text, "a day is missing, as the 5 in 5L and 5#2");
  return parse_value(rule, field_text, word);
}

/// Whether the item is one of the day fields' own spellings, which count from the ends of a month.
bool parse_day_of_a_month(const CronFieldRule& rule, std::string_view field_text, std::string_view item,
                          CronField& field) {
  if (rule.kind == CronFieldKind::DayOfMonth && item == "L") {
    field.last_day = true;
    return true;
  }
  if (rule.kind != CronFieldKind::DayOfWeek) return false;
  if (item.ends_with('L')) {
    field.last_weekdays.push_back(parse_weekday(rule, field_text, item.substr(0, item.size() - 1)));
    return true;
  }
  const auto hash = item.find('#');
  if (hash == std::string_view::npos) return false;
  const std::string_view number = item.substr(hash + 1);
  if (number.size() != 1 || number[0] < '1' || number[0] > '5') {
    refuse(rule, field_text, fmt::format("\"{}\" after # is not a number from 1 to 5", number));
  }
  field.numbered_weekdays.emplace_back(parse_weekday(rule, field_text, item.substr(0, hash)),
                                       static_cast<unsigned>(number[0] - '0'));
  return true;
}

}  // namespace

const std::array<CronFieldRule, 5> cron_field_rules = {{
    {CronFieldKind::Minute, "minute", 0, 59, {}, 0, 59},
    {CronFieldKind::Hour, "hour", 0, 23, {}, 0, 23},
    {CronFieldKind::DayOfMonth, "day of month", 1, 31, {}, 0, 28},
    {CronFieldKind::Month, "month", 1, 12, month_words, 1, 12},
    {CronFieldKind::DayOfWeek, "day of week", 0, 7, weekday_words, 0, 6},
}};

CronField parse_cron_field(const CronFieldRule& rule, std::string_view text) {
  CronField field;
  for (const std::string& item : split(text, ',')) {
    if (parse_day_of_a_month(rule, text, item, field)) continue;
    const Range range = parse_range(rule, text, item);
    if (range.open) {
      field.open = true;
      continue;
    }
    for (unsigned value = range.first; value <= range.last; value += range.step.value_or(1)) {
      field.values.push_back(value);
    }
  }
  return field;
}

std::string fix_cron_field(const CronFieldRule& rule, std::string_view text,
                           const std::function<unsigned(unsigned count)>& pick) {
  std::vector<std::string> items;
  for (const std::string& item : split(text, ',')) {
    if (!item.starts_with('H')) {
      items.push_back(item);
      continue;
    }
    const Range range = parse_range(rule, text, item);
    const unsigned size = range.last - range.first + 1;
    const unsigned value = range.first + pick(std::min(range.step.value_or(size), size));
    items.push_back(range.step ? fmt::format("{}-{}/{}", value, range.last, *range.step)
                               : fmt::format("{}", value));
  }
  return join(items, ",");
}

}  // namespace changeling::schedule
