#include "git/config_overrides.hpp"

#include <charconv>
#include <string_view>

#include "support/text.hpp"

namespace changeling::git {
namespace {

/// One shell-quoted word: 'text', with '\'' and '\!' for those characters inside.
std::string take_quoted(std::string_view& text) {
  std::string word;
  while (text.starts_with('\'')) {
    const auto end = text.find('\'', 1);
    if (end == std::string_view::npos) break;
    word += text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (text.size() >= 2 && text.front() == '\\') {
      word += text[1];
      text.remove_prefix(2);
    }
  }
  return word;
}

}  // namespace

std::string normalized_key(const std::string& key) {
  const auto first = key.find('.');
  const auto last = key.rfind('.');
  if (first == std::string::npos) return to_lower(key);
  return to_lower(key.substr(0, first)) + key.substr(first, last - first) + to_lower(key.substr(last));
}

std::vector<std::pair<std::string, std::string>> configuration_overrides(const Environment& environment) {
  std::vector<std::pair<std::string, std::string>> overrides;
  const std::string count_text = environment.get("GIT_CONFIG_COUNT").value_or("0");
  int count = 0;
  std::from_chars(count_text.data(), count_text.data() + count_text.size(), count);
  for (int index = 0; index < count; ++index) {
    const auto key = environment.get("GIT_CONFIG_KEY_" + std::to_string(index));
    const auto value = environment.get("GIT_CONFIG_VALUE_" + std::to_string(index));
    if (key && value) overrides.emplace_back(*key, *value);
  }
  const std::string parameters = environment.get("GIT_CONFIG_PARAMETERS").value_or("");
  std::string_view rest = parameters;
  while (!(rest = trim(rest)).empty() && rest.front() == '\'') {
    std::string key = take_quoted(rest);
    std::string value = "true";
    if (rest.starts_with('=')) {
      rest.remove_prefix(1);
      value = rest.starts_with('\'') ? take_quoted(rest) : "";
    } else if (const auto equals = key.find('='); equals != std::string::npos) {
      value = key.substr(equals + 1);
      key.resize(equals);
    }
    overrides.emplace_back(std::move(key), std::move(value));
  }
  return overrides;
}

}  // namespace changeling::git
