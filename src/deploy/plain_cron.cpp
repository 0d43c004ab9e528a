#include "deploy/plain_cron.hpp"

#include <fmt/format.h>

#include <array>
#include <set>
#include <vector>

#include "schedule/cron.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::deploy {
namespace {

/// With the number that each stands for: 1 for January, 0 for Sunday.
constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekdays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

[[noreturn]] void refuse(const std::string& schedule, const std::string& part) {
  throw Error(ErrorKind::Refused,
              fmt::format("schedule \"{}\": \"{}\" means something only to git changeling", schedule, part),
              "write five fields of numbers, such as \"17 3 * * 1-5\"");
}

/// Names of months and days as numbers, so that only digits and "*,-/" remain.
std::string numbers_of(const std::string& schedule, const std::string& field, std::size_t index) {
  std::string text;
  for (std::size_t place = 0; place < field.size();) {
    const std::string_view word = std::string_view(field).substr(place, 3);
    const auto number_in = [&](const auto& names, std::size_t first) -> std::optional<std::size_t> {
      for (std::size_t entry = 0; entry < names.size(); ++entry) {
        if (names[entry] == word) return entry + first;
      }
      return std::nullopt;
    };
    const std::optional<std::size_t> number = index == 3   ? number_in(months, 1)
                                              : index == 4 ? number_in(weekdays, 0)
                                                           : std::nullopt;
    if (number) {
      text += std::to_string(*number);
      place += word.size();
    } else if (std::string_view("0123456789*,-/").find(field[place]) != std::string_view::npos) {
      text += field[place++];
    } else {
      refuse(schedule, field);
    }
  }
  return text;
}

/// First and last value of each field; days of the week count to 7, which is Sunday, too.
constexpr std::array<std::pair<unsigned long, unsigned long>, 5> bounds = {
    {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}}};

/// The values of a field one by one. Not everybody counts Sunday as 7, and few read lists of ranges, or
/// ranges with steps.
std::string spelled_out(const std::string& field, std::size_t index) {
  std::set<unsigned long> all;
  for (const std::string& item : split(field, ',')) {
    const auto slash = item.find('/');
    const std::string range = item.substr(0, slash);
    const auto dash = range.find('-');
    const unsigned long step = slash == std::string::npos ? 1 : std::stoul(item.substr(slash + 1));
    const unsigned long first = range == "*" ? bounds[index].first : std::stoul(range);
    const unsigned long last = range == "*"                ? bounds[index].second
                               : dash == std::string::npos ? first
                                                           : std::stoul(range.substr(dash + 1));
    for (unsigned long value = first; value <= last; value += step)
      all.insert(index == 4 ? value % 7 : value);
  }
  std::vector<std::string> words;
  for (const unsigned long value : all) words.push_back(std::to_string(value));
  return join(words, ",");
}

/// One "*", step, range or list of numbers, which everybody reads; an unusual one becomes a list.
std::string usual_form(const std::string& field, std::size_t index) {
  // A day field that begins with "*" combines with the other one in another way than a list of all days.
  if (field.starts_with('*') && field.find(',') != std::string::npos) return field;
  const bool list_of_more =
      field.find(',') != std::string::npos && field.find_first_of("-/") != std::string::npos;
  const bool stepped_range = field.find('-') != std::string::npos && field.find('/') != std::string::npos;
  const bool sunday_as_seven = index == 4 && field.find('7') != std::string::npos;
  return list_of_more || stepped_range || sunday_as_seven ? spelled_out(field, index) : field;
}

}  // namespace

std::string plain_cron(const std::string& schedule) {
  std::vector<std::string> fields = schedule::cron_fields(to_lower(trim(schedule)));
  if (fields.size() != 5) refuse(schedule, schedule);
  for (std::size_t index = 0; index < fields.size(); ++index)
    fields[index] = numbers_of(schedule, fields[index], index);
  // Checked before the numbers are relied on.
  schedule::CronExpression::parse(join(fields, " "));
  for (std::size_t index = 0; index < fields.size(); ++index)
    fields[index] = usual_form(fields[index], index);
  return join(fields, " ");
}

Duration shortest_gap(const std::string& plain_cron) {
  // With twelve starts an hour at most, so many cover a whole day of starts; with more the gap shows at once.
  constexpr int starts = 300;
  const auto expression = schedule::CronExpression::parse(plain_cron);
  Duration shortest = Duration::max();
  auto last = expression.next(Timestamp{}, "UTC");
  for (int count = 1; last && count < starts; ++count) {
    const auto following = expression.next(*last, "UTC");
    if (!following) break;
    shortest = std::min(shortest, *following - *last);
    last = following;
  }
  return shortest;
}

}  // namespace changeling::deploy
