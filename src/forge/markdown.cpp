#include "forge/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/text.hpp"

namespace changeling::forge {
namespace {

constexpr std::string_view comment_start = "<!--";

std::size_t longest_run_of_backticks(std::string_view text) {
  std::size_t longest = 0;
  std::size_t current = 0;
  for (const char letter : text) {
    current = letter == '`' ? current + 1 : 0;
    longest = std::max(longest, current);
  }
  return longest;
}

}  // namespace

std::string without_comments(std::string_view markdown) {
  std::string text(markdown);
  for (auto at = text.find(comment_start); at != std::string::npos; at = text.find(comment_start, at)) {
    text.replace(at, comment_start.size(), "&lt;!--");
  }
  return text;
}

std::string inline_code(std::string_view code) {
  const std::string line = without_controls(code);
  const std::string fence(longest_run_of_backticks(line) + 1, '`');
  const std::string_view padding = fence.size() > 1 ? " " : "";
  return fmt::format("{}{}{}{}{}", fence, padding, line, padding, fence);
}

std::string code_block(std::string_view code) {
  const std::string fence(std::max<std::size_t>(3, longest_run_of_backticks(code) + 1), '`');
  return fmt::format("{}text\n{}\n{}\n", fence, code, fence);
}

std::string_view first_part(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) --limit;
  return text.substr(0, limit);
}

}  // namespace changeling::forge
