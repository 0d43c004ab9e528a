#include <fmt/format.h>

#include <charconv>

#include "changeling/toml_file.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

[[noreturn]] void refuse(const FieldSpec& field, const std::string& problem, std::string hint = "") {
  throw Error(ErrorKind::Usage, fmt::format("option --{}: {}", field.option, problem), std::move(hint));
}

template <typename Number>
std::optional<Number> parse_number(std::string_view word) {
  Number number{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || end != word.data() + word.size() || word.empty()) return std::nullopt;
  return number;
}

/// A flag sets the opposite of the field's default: `--draft` is draft = true, `--disabled` is enabled =
/// false.
bool parse_flag(const FieldSpec& field, const std::vector<std::string>& words) {
  const bool otherwise = std::get<bool>(default_layer().values.at(std::string(field.key)));
  if (words.empty() || words.back() == "true") return !otherwise;
  if (words.back() == "false") return otherwise;
  refuse(field, fmt::format("\"{}\" is not allowed; allowed are true, false, or no value", words.back()));
}

std::map<std::string, std::string> parse_assignments(const FieldSpec& field,
                                                     const std::vector<std::string>& words) {
  std::map<std::string, std::string> assignments;
  for (const std::string& word : words) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) {
      refuse(field, fmt::format("\"{}\" has no \"=\"; allowed is NAME=VALUE", shortened(word)),
             fmt::format("to pass a variable on without its value, use --secret {}", shortened(word)));
    }
    assignments[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return assignments;
}

FieldValue parse_words(const FieldSpec& field, const std::vector<std::string>& words) {
  // A single empty word empties a list or a table that a weaker source has filled.
  const bool emptied = words.size() == 1 && words.front().empty();
  switch (field.kind) {
    case FieldKind::Boolean:
      return parse_flag(field, words);
    case FieldKind::TextList:
      return emptied ? std::vector<std::string>() : words;
    case FieldKind::TextMap:
      return emptied ? std::map<std::string, std::string>() : parse_assignments(field, words);
    default:
      break;
  }
  if (words.empty()) refuse(field, fmt::format("needs a value: {}", field.value_name));
  const std::string& word = words.back();
  if (field.kind == FieldKind::Integer) {
    if (const auto number = parse_number<std::int64_t>(word)) return *number;
    refuse(field, fmt::format("\"{}\" is not a whole number", shortened(word)));
  }
  if (field.kind == FieldKind::Money) {
    if (const auto number = parse_number<double>(word.starts_with('$') ? word.substr(1) : word))
      return *number;
    refuse(field, fmt::format("\"{}\" is not an amount of US dollars such as 2.50", shortened(word)));
  }
  return word;
}

}  // namespace

FieldValue parse_option_value(const FieldSpec& field, const std::vector<std::string>& words) {
  FieldValue value = parse_words(field, words);
  try {
    check_field(field, value);
  } catch (const Error& error) {
    const std::string_view message = error.what();
    refuse(field, std::string(message.substr(field.key.size() + 2)), error.hint());
  }
  return value;
}

}  // namespace changeling
