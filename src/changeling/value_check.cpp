// What holds for every field of a kind; the rules of the single fields are in field_checks.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "changeling/toml_file.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "support/word_list.hpp"

namespace changeling {
namespace {

[[noreturn]] void refuse(const std::string& message, std::string hint = "") {
  throw Error(ErrorKind::Invalid, message, std::move(hint));
}

void check_text(std::string_view text) {
  // Values become arguments and environment variables, which cannot hold a NUL, and JSON, which is UTF-8.
  if (text.find('\0') != std::string_view::npos) refuse("contains a NUL character");
  if (valid_utf8(text) != text) refuse("is not UTF-8 text");
}

void check_choice(const FieldSpec& field, const std::string& word) {
  if (std::find(field.choices.begin(), field.choices.end(), word) != field.choices.end()) return;
  throw not_allowed(ErrorKind::Invalid, "", word, {field.choices.begin(), field.choices.end()});
}

template <typename Type>
const Type& expect(const FieldValue& value, std::string_view wanted) {
  const Type* const held = std::get_if<Type>(&value);
  if (held == nullptr) refuse(fmt::format("must be {}", wanted));
  return *held;
}

void check_value(const FieldSpec& field, const FieldValue& value) {
  switch (field.kind) {
    case FieldKind::Text:
      check_text(expect<std::string>(value, "a string"));
      break;
    case FieldKind::TimeSpan:
      check_text(expect<std::string>(value, "a duration such as \"15m\""));
      break;
    case FieldKind::Choice:
      check_choice(field, expect<std::string>(value, "a string"));
      break;
    case FieldKind::Boolean:
      expect<bool>(value, "true or false");
      break;
    case FieldKind::Integer:
      expect<std::int64_t>(value, "a whole number");
      break;
    case FieldKind::Money:
      expect<double>(value, "an amount of US dollars such as 2.50");
      break;
    case FieldKind::TextList:
      for (const std::string& item : expect<std::vector<std::string>>(value, "a list of strings")) {
        check_text(item);
        if (trim(item).empty()) refuse("contains an empty string");
      }
      break;
    case FieldKind::TextMap:
      for (const auto& [key, content] :
           expect<std::map<std::string, std::string>>(value, "a table of strings")) {
        check_text(key);
        check_text(content);
      }
      break;
  }
  if (field.check != nullptr) field.check(value);
}

}  // namespace

void check_field(const FieldSpec& field, const FieldValue& value) {
  try {
    check_value(field, value);
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: {}", field.key, error.what()), error.hint());
  }
}

}  // namespace changeling
