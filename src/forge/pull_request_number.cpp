#include "forge/pull_request_number.hpp"

#include <charconv>

namespace changeling::forge {

std::optional<std::int64_t> parse_pull_request_number(std::string_view word) {
  for (const std::string_view start : {std::string_view("#"), std::string_view("local:")}) {
    if (!word.starts_with(start)) continue;
    word.remove_prefix(start.size());
    break;
  }
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (problem != std::errc() || end != word.data() + word.size() || number < 1) return std::nullopt;
  return number;
}

}  // namespace changeling::forge
