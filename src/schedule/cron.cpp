#include "schedule/cron.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "schedule/cron_field.hpp"
#include "support/error.hpp"
#include "support/sha256.hpp"
#include "support/text.hpp"

namespace changeling::schedule {
namespace {

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

/// How far next() and previous() look. The 29th of February can be eight years off (1896 to 1904).
constexpr std::chrono::years horizon{8};
constexpr unsigned minutes_of_a_day = 24 * 60;

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

unsigned days_in(std::chrono::year_month month) {
  return unsigned(std::chrono::year_month_day_last(month / std::chrono::last).day());
}

/// A number from the seed, another one for each field. What it is may never change: everybody's times move.
unsigned long long spread_number(std::string_view seed, std::string_view field) {
  return std::stoull(sha256_hex(fmt::format("{}\n{}", seed, field)).substr(0, 15), nullptr, 16);
}

}  // namespace

std::vector<std::string> cron_fields(std::string_view text) {
  if (!text.starts_with('@')) return words_of(text);
  const auto* const nickname = std::find_if(nicknames.begin(), nicknames.end(),
                                            [&](const auto& entry) { return entry.first == text; });
  if (nickname != nicknames.end()) return words_of(nickname->second);
  throw Error(ErrorKind::Invalid,
              fmt::format("\"{}\" is not a schedule; allowed are five fields, @hourly, @daily, @midnight, "
                          "@weekly, @monthly, @yearly and @annually",
                          text),
              std::string(example));
}

CronExpression CronExpression::parse(std::string_view text) {
  const std::vector<std::string> texts = cron_fields(text);
  if (texts.size() != cron_field_rules.size()) {
    throw Error(
        ErrorKind::Invalid,
        fmt::format("\"{}\" has {} field{}; a schedule has five: minute, hour, day of month, month, day of "
                    "week",
                    text, texts.size(), texts.size() == 1 ? "" : "s"),
        std::string(example));
  }

  CronExpression result;
  result.text_ = text;
  std::array<CronField, cron_field_rules.size()> fields;
  for (std::size_t index = 0; index < fields.size(); ++index) {
    fields[index] = parse_cron_field(cron_field_rules[index], texts[index]);
    result.open_ = result.open_ || fields[index].open;
  }
  const auto& [minute, hour, day_of_month, month, day_of_week] = fields;
  for (const unsigned value : minute.values) result.minutes_.set(value);
  for (const unsigned value : hour.values) result.hours_.set(value);
  for (const unsigned value : day_of_month.values) result.days_of_month_.set(value);
  for (const unsigned value : month.values) result.months_.set(value);
  for (const unsigned value : day_of_week.values) result.days_of_week_.set(value % 7);
  result.last_day_of_month_ = day_of_month.last_day;
  for (const unsigned value : day_of_week.last_weekdays) result.last_weekdays_.set(value % 7);
  for (const auto& [weekday, number] : day_of_week.numbered_weekdays) {
    result.numbered_weekdays_[number - 1].set(weekday % 7);
  }
  // Debian's cron looks at the first character only: "*/2" counts as unrestricted.
  result.day_of_month_restricted_ = !texts[2].starts_with('*');
  result.day_of_week_restricted_ = !texts[4].starts_with('*');
  return result;
}

CronExpression CronExpression::fix(const Pick& pick) const {
  if (!open_) return *this;
  std::vector<std::string> fields = cron_fields(text_);
  for (std::size_t index = 0; index < fields.size(); ++index) {
    fields[index] = fix_cron_field(cron_field_rules[index], fields[index],
                                   [&](unsigned count) { return pick(index, count); });
  }
  return parse(join(fields, " "));
}

CronExpression CronExpression::spread(std::string_view seed) const {
  return fix([&](std::size_t field, unsigned count) {
    return static_cast<unsigned>(spread_number(seed, cron_field_rules[field].name) % count);
  });
}

bool CronExpression::always_comes() const {
  // The later a day, the fewer months have it; which month it falls into has to be tried.
  for (unsigned month = 0; month < 12; ++month) {
    const CronExpression worst = fix([&](std::size_t field, unsigned count) {
      return cron_field_rules[field].kind == CronFieldKind::Month ? std::min(month, count - 1) : count - 1;
    });
    // Any start will do: the days of every kind of year come up within the eight years that are looked at.
    if (!worst.next(Timestamp{}, "UTC")) return false;
    if (!open_) break;
  }
  return true;
}

void CronExpression::require_times() const {
  if (open_) throw Error(ErrorKind::Internal, fmt::format("\"{}\" has no times before it is spread", text_));
}

/// The days of the month that match, by their number.
std::bitset<32> CronExpression::matching_days(std::chrono::year_month month) const {
  if (!months_.test(unsigned(month.month()))) return {};
  const unsigned length = days_in(month);
  const unsigned first_weekday = std::chrono::weekday(std::chrono::local_days(month / 1)).c_encoding();
  const bool either = day_of_month_restricted_ && day_of_week_restricted_;
  std::bitset<32> days;
  for (unsigned day = 1; day <= length; ++day) {
    const unsigned weekday = (first_weekday + day - 1) % 7;
    const bool by_date = days_of_month_.test(day) || (last_day_of_month_ && day == length);
    const bool by_weekday = days_of_week_.test(weekday) || numbered_weekdays_[(day - 1) / 7].test(weekday) ||
                            (day + 7 > length && last_weekdays_.test(weekday));
    days.set(day, either ? by_date || by_weekday : by_date && by_weekday);
  }
  return days;
}

bool CronExpression::matches_minute_of_day(unsigned minute) const {
  return hours_.test(minute / 60) && minutes_.test(minute % 60);
}

std::optional<CronExpression::LocalMinute> CronExpression::first_from(LocalMinute earliest) const {
  const auto start_day = std::chrono::floor<std::chrono::days>(earliest);
  const std::chrono::year_month_day start(start_day);
  const std::chrono::year_month first_month(start.year(), start.month());
  for (auto month = first_month; month <= first_month + horizon; month += std::chrono::months(1)) {
    const std::bitset<32> days = matching_days(month);
    if (days.none()) continue;
    for (unsigned number = month == first_month ? unsigned(start.day()) : 1; number < days.size(); ++number) {
      if (!days.test(number)) continue;
      const std::chrono::local_days day(month / std::chrono::day(number));
      const auto begin = day == start_day ? static_cast<unsigned>((earliest - start_day).count()) : 0U;
      for (unsigned minute = begin; minute < minutes_of_a_day; ++minute) {
        if (matches_minute_of_day(minute)) return day + std::chrono::minutes(minute);
      }
    }
  }
  return std::nullopt;
}

std::optional<CronExpression::LocalMinute> CronExpression::last_until(LocalMinute latest) const {
  const auto start_day = std::chrono::floor<std::chrono::days>(latest);
  const std::chrono::year_month_day start(start_day);
  const std::chrono::year_month first_month(start.year(), start.month());
  for (auto month = first_month; month >= first_month - horizon; month -= std::chrono::months(1)) {
    const std::bitset<32> days = matching_days(month);
    if (days.none()) continue;
    for (unsigned number = month == first_month ? unsigned(start.day()) : 31; number > 0; --number) {
      if (!days.test(number)) continue;
      const std::chrono::local_days day(month / std::chrono::day(number));
      const auto end =
          day == start_day ? static_cast<unsigned>((latest - start_day).count()) + 1 : minutes_of_a_day;
      for (unsigned minute = end; minute-- > 0;) {
        if (matches_minute_of_day(minute)) return day + std::chrono::minutes(minute);
      }
    }
  }
  return std::nullopt;
}

std::optional<Timestamp> CronExpression::next_in(const Zone& zone, Timestamp after) const {
  // What the local clock has shown up to `after` is past; the first matching minute it has not shown is next.
  const auto shown = std::chrono::floor<std::chrono::minutes>(zone.latest_local(after));
  const auto local = first_from(shown + std::chrono::minutes(1));
  if (!local) return std::nullopt;
  return zone.to_system(*local);
}

std::optional<Timestamp> CronExpression::next(Timestamp after, std::string_view time_zone) const {
  require_times();
  return next_in(Zone(time_zone), after);
}

std::optional<Timestamp> CronExpression::previous(Timestamp before_or_at, std::string_view time_zone) const {
  require_times();
  const Zone zone(time_zone);
  const auto local = last_until(std::chrono::floor<std::chrono::minutes>(zone.latest_local(before_or_at)));
  if (!local) return std::nullopt;
  return zone.to_system(*local);
}

std::vector<Timestamp> CronExpression::between(Timestamp after, Timestamp until, std::string_view time_zone,
                                               std::size_t limit) const {
  require_times();
  const Zone zone(time_zone);
  std::vector<Timestamp> times;
  while (times.size() < limit) {
    const auto time = next_in(zone, times.empty() ? after : times.back());
    if (!time || *time > until) break;
    times.push_back(*time);
  }
  return times;
}

}  // namespace changeling::schedule
