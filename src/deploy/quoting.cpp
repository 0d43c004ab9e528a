#include "deploy/quoting.hpp"

#include <fmt/format.h>

#include <vector>

#include "support/text.hpp"

namespace changeling::deploy {
namespace {

/// Both languages read \xNN, \\ and \" alike. Besides ASCII controls also C1 controls and the two line
/// separators are written out, which YAML does not allow or takes for line ends.
std::string double_quoted(std::string_view raw) {
  const std::string text = valid_utf8(raw);
  std::string result = "\"";
  for (std::size_t place = 0; place < text.size(); ++place) {
    const auto byte = static_cast<unsigned char>(text[place]);
    const auto next = [&](std::size_t ahead) {
      return place + ahead < text.size() ? static_cast<unsigned char>(text[place + ahead]) : 0U;
    };
    if (byte == '"' || byte == '\\') {
      result += '\\';
      result += text[place];
    } else if (byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\x{:02x}", byte);
    } else if (byte == 0xc2 && next(1) < 0xa0) {
      result += fmt::format("\\x{:02x}", next(1));
      ++place;
    } else if (byte == 0xe2 && next(1) == 0x80 && (next(2) == 0xa8 || next(2) == 0xa9)) {
      result += fmt::format("\\u20{:02x}", next(2) - 0x80U);
      place += 2;
    } else if (byte == 0xef && next(1) == 0xbb && next(2) == 0xbf) {
      result += "\\ufeff";
      place += 2;
    } else {
      result += text[place];
    }
  }
  return result + "\"";
}

}  // namespace

std::string yaml_text(std::string_view text) {
  constexpr std::string_view opening = "${{";
  std::string inert;
  for (std::size_t place = 0; place < text.size();) {
    if (text.substr(place).starts_with(opening)) {
      inert += "${{ '${{' }}";
      place += opening.size();
    } else {
      inert += text[place++];
    }
  }
  return double_quoted(inert);
}

std::string python_text(std::string_view text) {
  return double_quoted(text);
}

std::string indented(std::string_view text, std::size_t blanks) {
  std::string result;
  for (const std::string& line : split_lines(text))
    result += line.empty() ? "\n" : std::string(blanks, ' ') + line + "\n";
  return result;
}

}  // namespace changeling::deploy
