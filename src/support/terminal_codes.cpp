#include "support/terminal_codes.hpp"

#include <algorithm>

namespace changeling {
namespace {

constexpr char escape = '\x1B';
constexpr char bell = '\a';

bool is_between(char byte, char first, char last) {
  return byte >= first && byte <= last;
}

/// Where a line ends, a sequence does at the latest.
std::size_t end_of_line(std::string_view text) {
  return std::min(text.find('\n'), text.size());
}

/// After CSI: parameters and intermediate bytes, then the one byte that says what is meant.
std::size_t length_of_control(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && is_between(text[length], ' ', '?')) ++length;
  return length < text.size() && is_between(text[length], '@', '~') ? length + 1 : length;
}

/// After the opening of a string: up to BEL or ESC \.
std::size_t length_of_string(std::string_view text) {
  text = text.substr(0, end_of_line(text));
  const std::size_t end = text.find_first_of(std::string_view("\a\x1B", 2));
  if (end == std::string_view::npos) return text.size();
  return text[end] == bell ? end + 1 : std::min(end + 2, text.size());
}

/// Of what begins with ESC.
std::size_t length_of_sequence(std::string_view text) {
  constexpr std::size_t opening = 2;
  if (text.size() < opening) return text.size();
  const char kind = text[1];
  if (kind == '[') return opening + length_of_control(text.substr(opening));
  if (std::string_view("]PX^_").find(kind) != std::string_view::npos)
    return opening + length_of_string(text.substr(opening));
  std::size_t length = 1;
  while (length < text.size() && is_between(text[length], ' ', '/')) ++length;
  return length < text.size() && is_between(text[length], '0', '~') ? length + 1 : length;
}

}  // namespace

std::string without_terminal_codes(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const std::size_t code = std::min(text.find(escape), text.size());
    plain += text.substr(0, code);
    text.remove_prefix(code);
    if (!text.empty()) text.remove_prefix(length_of_sequence(text));
  }
  return plain;
}

}  // namespace changeling
