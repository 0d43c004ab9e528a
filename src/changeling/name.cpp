#include "changeling/name.hpp"

#include <fmt/format.h>

#include "changeling/toml_file.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "support/visible_text.hpp"

namespace changeling {

std::optional<std::string> reference_component_problem(std::string_view word) {
  if (word.empty()) return "is empty";
  if (valid_utf8(word) != word) return "is not UTF-8 text";
  for (const char character : word) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x20 || byte == 0x7f) return "contains a control character";
    if (character == ' ') return "contains a space";
    if (std::string_view("~^:?*[\\/").find(character) != std::string_view::npos) {
      return fmt::format("contains \"{}\"", character);
    }
  }
  if (word.front() == '-' || word.front() == '.') return fmt::format("starts with \"{}\"", word.front());
  if (word.back() == '.') return "ends with \".\"";
  if (word.ends_with(".lock")) return "ends with \".lock\"";
  for (const std::string_view part : {"..", "@{"}) {
    if (word.find(part) != std::string_view::npos) return fmt::format("contains \"{}\"", part);
  }
  if (word == "@") return "is only \"@\"";
  return std::nullopt;
}

namespace {

/// What a shell takes for something else than a letter, wherever it stands (POSIX.1-2017, 2.2 Quoting), and
/// what people cannot see: names stand in hints that are typed as they are.
std::optional<std::string> unreadable_problem(std::string_view name) {
  constexpr std::string_view special = "!\"#$%&'()*;<=>?[\\]^`{|}~";
  const auto found = name.find_first_of(special);
  if (found != std::string_view::npos)
    return fmt::format("contains \"{}\", which shells take for a command", name[found]);
  if (without_controls(name) != name || without_invisible_characters(name) != name)
    return "contains a character that cannot be seen";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> helper_name_problem(std::string_view word) {
  if (word.empty()) return "is empty";
  if (word.size() > longest_name) return fmt::format("is longer than {} bytes", longest_name);
  if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string_view::npos)
    return "has other characters than small letters, digits and \"-\"";
  if (word.starts_with('-') || word.ends_with('-')) return "begins or ends with \"-\"";
  if (word.find("--") != std::string_view::npos) return "has two \"-\" in a row";
  return std::nullopt;
}

void check_helper_name(std::string_view what, std::string_view name) {
  const auto problem = helper_name_problem(name);
  if (!problem) return;
  throw Error(ErrorKind::Invalid, fmt::format("the name \"{}\" of a {} {}", shortened(name), what, *problem),
              fmt::format("use small letters, digits and single \"-\", at most {} bytes, such as "
                          "\"code-review\"",
                          longest_name));
}

std::optional<std::string> changeling_name_problem(std::string_view name) {
  if (const auto problem = reference_component_problem(name)) return problem;
  if (auto problem = unreadable_problem(name)) return problem;
  if (name.size() > longest_name) return fmt::format("is longer than {} bytes", longest_name);
  return std::nullopt;
}

void check_changeling_name(std::string_view name) {
  const std::optional<std::string> problem = changeling_name_problem(name);
  if (!problem) return;
  throw Error(
      ErrorKind::Invalid, fmt::format("the name \"{}\" {}", valid_utf8(name), *problem),
      fmt::format("use letters, digits, \"-\", \"_\" and \".\", at most {} bytes, such as \"typo-sprite\"",
                  longest_name));
}

}  // namespace changeling
