#include "cli/syntax.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "support/text.hpp"

namespace changeling::cli {
namespace {

std::string bounds(std::int64_t least, std::int64_t most) {
  constexpr std::int64_t enough_to_name = 1'000'000;
  return most > enough_to_name ? fmt::format("a whole number of at least {}", least)
                               : fmt::format("a whole number from {} to {}", least, most);
}

/// The library would take "010" for eight and print bounds of 309 digits.
std::string refused_number(const std::string& word, std::int64_t least, std::int64_t most) {
  std::int64_t number = 0;
  const char* end = word.data() + word.size();
  const auto [stopped, problem] = std::from_chars(word.data(), end, number);
  if (problem == std::errc::result_out_of_range && stopped == end)
    return fmt::format("{} is out of range; it must be {}", shortened(word, 20), bounds(least, most));
  if (problem != std::errc() || stopped != end)
    return fmt::format("'{}' is no number; it must be {}", shortened(word), bounds(least, most));
  if (number < least || number > most)
    return fmt::format("{} is out of range; it must be {}", shortened(word, 20), bounds(least, most));
  return "";
}

/// Hands the words on as they are: the library would read lists in "{}" and "[a,b]".
template <typename Take>
Option add(CLI::App& app, const std::string& names, const std::string& help, CLI::MultiOptionPolicy policy,
           const Take& take) {
  const CLI::callback_t callback = [take](const CLI::results_t& results) {
    take(results);
    return true;
  };
  return Option(app.add_option(names, callback, help)->multi_option_policy(policy));
}

constexpr auto no_bound = std::numeric_limits<std::int64_t>::max();

Option::Check within(std::int64_t least, std::int64_t most) {
  return [least, most](std::string& word) { return refused_number(word, least, most); };
}

/// The words have been checked: digits that fit into 64 bits.
template <typename Number>
Option add_number(CLI::App& app, const std::string& names, Number& value, const std::string& help,
                  const Option::Check& check) {
  return add(app, names, help, CLI::MultiOptionPolicy::Throw,
             [&value](const CLI::results_t& results) {
               const std::int64_t number = std::stoll(results.back());
               value = static_cast<Number>(number);
             })
      .checked(check);
}

}  // namespace

Option& Option::value_name(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Option& Option::required() {
  option_->required();
  return *this;
}

Option& Option::excludes(const Option& other) {
  option_->excludes(other.option_);
  return *this;
}

Option& Option::checked(const Check& check) {
  option_->transform(CLI::Validator(check, ""));
  return *this;
}

Option& Option::one_of(const std::vector<std::string>& words) {
  return checked([words](std::string& word) -> std::string {
    if (std::find(words.begin(), words.end(), word) != words.end()) return "";
    return fmt::format("'{}' is none of: {}", shortened(word), join(words, ", "));
  });
}

bool Option::given() const {
  return option_->count() > 0;
}

bool Option::is_on() const {
  return option_->as<bool>();
}

Option Syntax::flag(const std::string& names, bool& value, const std::string& help) {
  return Option(app_->add_flag(names, value, help));
}

Option Syntax::on_or_off(const std::string& name, const std::string& help) {
  return Option(app_->add_flag(fmt::format("--{0},!--no-{0}", name), help));
}

Option Syntax::value(const std::string& names, std::string& value, const std::string& help) {
  return add(*app_, names, help, CLI::MultiOptionPolicy::Throw,
             [&value](const CLI::results_t& results) { value = results.back(); });
}

Option Syntax::number(const std::string& names, std::int64_t& value, const std::string& help,
                      std::int64_t least, std::int64_t most) {
  return add_number(*app_, names, value, help, within(least, most));
}

Option Syntax::number(const std::string& names, std::optional<std::int64_t>& value, const std::string& help,
                      std::int64_t least, std::int64_t most) {
  return add_number(*app_, names, value, help, within(least, most));
}

Option Syntax::amount(const std::string& names, std::size_t& value, const std::string& help) {
  return add_number(*app_, names, value, help, within(0, no_bound));
}

Option Syntax::written_number(const std::string& names, std::int64_t& value, const std::string& help,
                              const Option::Check& check) {
  return add_number(*app_, names, value, help, check);
}

Option Syntax::repeatable(const std::string& names, std::vector<std::string>& values,
                          const std::string& help) {
  return add(*app_, names, help, CLI::MultiOptionPolicy::TakeAll,
             [&values](const CLI::results_t& results) { values = results; });
}

Option Syntax::single(const std::string& names, std::vector<std::string>& value, const std::string& help) {
  return add(*app_, names, help, CLI::MultiOptionPolicy::TakeLast,
             [&value](const CLI::results_t& results) { value = results; });
}

Option Syntax::words(const std::string& name, std::vector<std::string>& into, const std::string& help) {
  CLI::Option* option = app_->add_option(
      name,
      [&into](const CLI::results_t& results) {
        into = results;
        return true;
      },
      help);
  return Option(option->expected(1, -1)->allow_extra_args(false));
}

}  // namespace changeling::cli
