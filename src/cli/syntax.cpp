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

bool Option::is_argument() const {
  return option_->get_positional();
}

std::vector<std::string> Option::names() const {
  std::vector<std::string> names;
  for (const std::string& name : option_->get_snames()) names.push_back("-" + name);
  for (const std::string& name : option_->get_lnames()) names.push_back("--" + name);
  return names;
}

std::string Option::name() const {
  return option_->get_name();
}

std::string Option::value_name() const {
  return option_->get_type_name();
}

std::string Option::help() const {
  return option_->get_description();
}

bool Option::has_name(const std::string& name) const {
  return name.starts_with("--") ? option_->check_lname(name.substr(2)) : option_->check_sname(name.substr(1));
}

bool Option::is_required() const {
  return option_->get_required();
}

bool Option::takes_value() const {
  return option_->get_items_expected_max() > 0;
}

bool Option::takes_many() const {
  return option_->get_items_expected_max() > 1;
}

bool Option::may_be_repeated() const {
  return option_->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
}

bool Option::is_taken_once() const {
  return option_->get_multi_option_policy() == CLI::MultiOptionPolicy::Throw;
}

void Option::give(const std::string& word) {
  option_->add_result(word);
}

void Option::give_flag(const std::string& name) {
  give(option_->get_flag_value(name.substr(name.find_first_not_of('-')), ""));
}

bool Option::given() const {
  return option_->count() > 0;
}

bool Option::is_given_nothing() const {
  const std::string kind = value_name();
  const bool is_text = kind == "TEXT" || kind == "TITLE" || kind == "VALUE";
  return given() && is_taken_once() && takes_value() && !is_text && option_->results().back().empty();
}

bool Option::is_on() const {
  return option_->as<bool>();
}

std::optional<Option> Option::given_rival() const {
  for (CLI::Option* other : option_->get_excludes()) {
    if (other->count() > 0) return Option(other);
  }
  return std::nullopt;
}

std::string Option::hand_on() {
  try {
    option_->run_callback();
    return "";
  } catch (const CLI::ConversionError&) {
    return fmt::format("{}: '{}' does not fit here; {} is expected", name(),
                       shortened(option_->results().back()), value_name());
  } catch (const CLI::ParseError& error) {
    return error.what();
  }
}

Syntax::Syntax() : app_(std::make_unique<CLI::App>()) {
  app_->set_help_flag("-h,--help", "Show help");
}

Syntax::Syntax(Syntax&&) noexcept = default;
Syntax& Syntax::operator=(Syntax&&) noexcept = default;
Syntax::~Syntax() = default;

std::vector<Option> Syntax::options() const {
  std::vector<Option> options;
  for (CLI::Option* option : app_->get_options({})) options.emplace_back(option);
  return options;
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
