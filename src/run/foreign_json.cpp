#include "run/foreign_json.hpp"

#include <cmath>
#include <cstdlib>

#include "support/json.hpp"

namespace changeling::run {
namespace {

/// The end of the quoted text that begins at `start`.
std::size_t end_of_text(std::string_view line, std::size_t start) {
  std::size_t at = start + 1;
  while (at < line.size() && line[at] != '"') at += line[at] == '\\' ? 2 : 1;
  return std::min(at + 1, line.size());
}

bool is_impossible_number(const std::string& word) {
  char* end = nullptr;
  const double value = std::strtod(word.c_str(), &end);
  return end == word.c_str() + word.size() && !std::isfinite(value);
}

std::string with_impossible_numbers_quoted(std::string_view line) {
  constexpr std::string_view between = " \t\r\n,:[]{}\"";
  std::string text;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at + 1;
    if (line[at] == '"') {
      end = end_of_text(line, at);
    } else if (between.find(line[at]) == std::string_view::npos) {
      end = std::min(line.find_first_of(between, at), line.size());
    }
    const std::string word(line.substr(at, end - at));
    text += line[at] != '"' && is_impossible_number(word) ? '"' + word + '"' : word;
    at = end;
  }
  return text;
}

}  // namespace

const Json& member(const Json& object, const char* key) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(key);
  return found == object.end() ? nothing : *found;
}

const Json& list_of(const Json& object, const char* key) {
  static const Json empty = Json::array();
  const Json& value = member(object, key);
  return value.is_array() ? value : empty;
}

std::string text_of(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : "";
}

Json parse_foreign_json(std::string_view line) {
  Json value = Json::parse(line, nullptr, false);
  const bool looks_like_an_object =
      line.find_first_not_of(" \t") != std::string_view::npos && line[line.find_first_not_of(" \t")] == '{';
  if (!value.is_discarded() || !looks_like_an_object) return value;
  return Json::parse(with_impossible_numbers_quoted(line), nullptr, false);
}

}  // namespace changeling::run
