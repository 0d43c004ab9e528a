#include "git/config_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace changeling::git {
namespace {

/// git-config(1), "Syntax": inside of double quotes these need a backslash.
std::string quoted(std::string_view value) {
  std::string text = "\"";
  for (const char letter : value) {
    if (letter == '"' || letter == '\\') text += '\\';
    if (letter == '\n') {
      text += "\\n";
    } else if (letter == '\t') {
      text += "\\t";
    } else {
      text += letter;
    }
  }
  return text + '"';
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '-';
  });
}

bool includes_others(std::string_view key) {
  return key.starts_with("include.") || key.starts_with("includeif.");
}

std::string entry_text(std::string_view key, std::string_view value) {
  const auto first = key.find('.');
  const auto last = key.rfind('.');
  if (first == std::string_view::npos) return "";
  const std::string_view section = key.substr(0, first);
  const std::string_view name = key.substr(last + 1);
  const std::string_view subsection = first == last ? "" : key.substr(first + 1, last - first - 1);
  const bool has_line_end = subsection.find('\n') != std::string_view::npos;
  if (!is_word(section) || !is_word(name) || has_line_end || value.find('\0') != std::string_view::npos)
    return "";
  const std::string header =
      first == last ? std::string(section) : fmt::format("{} {}", section, quoted(subsection));
  return fmt::format("[{}]\n\t{} = {}\n", header, name, quoted(value));
}

}  // namespace

std::string config_text(const ConfigEntries& entries) {
  std::string text;
  for (const auto& [key, value] : entries) {
    if (!includes_others(key)) text += entry_text(key, value);
  }
  return text;
}

ConfigEntries with_prefix(const ConfigEntries& entries, const std::vector<std::string>& prefixes) {
  ConfigEntries chosen;
  for (const auto& entry : entries) {
    const auto begins = [&](const std::string& prefix) { return entry.first.starts_with(prefix); };
    if (std::any_of(prefixes.begin(), prefixes.end(), begins)) chosen.push_back(entry);
  }
  return chosen;
}

}  // namespace changeling::git
