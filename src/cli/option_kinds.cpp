#include "cli/option_kinds.hpp"

#include <fmt/format.h>

#include <charconv>

#include "support/text.hpp"

namespace changeling::cli {
namespace {

std::string bounds(std::int64_t least, std::int64_t most) {
  constexpr std::int64_t enough_to_name = 1'000'000;
  return most > enough_to_name ? fmt::format("a whole number of at least {}", least)
                               : fmt::format("a whole number from {} to {}", least, most);
}

CLI::Option* add(CLI::App& app, const std::string& name, std::vector<std::string>& into,
                 const std::string& help) {
  const CLI::callback_t take = [&into](const CLI::results_t& results) {
    into = results;
    return true;
  };
  return app.add_option(name, take, help);
}

}  // namespace

CLI::Option* repeatable(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                        const std::string& help) {
  return add(app, name, values, help)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

CLI::Option* single(CLI::App& app, const std::string& name, std::vector<std::string>& value,
                    const std::string& help) {
  return add(app, name, value, help)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

CLI::Option* words(CLI::App& app, const std::string& name, std::vector<std::string>& into,
                   const std::string& help) {
  return add(app, name, into, help)->expected(1, -1)->allow_extra_args(false);
}

CLI::Option* whole_number(CLI::Option* option, std::int64_t least, std::int64_t most) {
  const auto check = [least, most](std::string& word) -> std::string {
    std::int64_t number = 0;
    const char* end = word.data() + word.size();
    const auto [stopped, problem] = std::from_chars(word.data(), end, number);
    if (problem == std::errc::result_out_of_range && stopped == end)
      return fmt::format("{} is out of range; it must be {}", shortened(word, 20), bounds(least, most));
    if (problem != std::errc() || stopped != end)
      return fmt::format("'{}' is no number; it must be {}", shortened(word), bounds(least, most));
    if (number < least || number > most)
      return fmt::format("{} is out of range; it must be {}", shortened(word, 20), bounds(least, most));
    word = std::to_string(number);
    return "";
  };
  return option->transform(CLI::Validator(check, ""));
}

}  // namespace changeling::cli
