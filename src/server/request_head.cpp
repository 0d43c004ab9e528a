#include "server/request_head.hpp"

#include <optional>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::server {
namespace {

[[noreturn]] void refuse(const std::string& problem) {
  throw Error(ErrorKind::Invalid, problem, "the target of a request looks like /path?name=value");
}

std::optional<int> hex_digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return std::nullopt;
}

bool is_control(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return byte < 0x20 || byte == 0x7f;
}

char decoded_letter(std::string_view digits) {
  const auto high = digits.size() < 2 ? std::nullopt : hex_digit(digits[0]);
  const auto low = digits.size() < 2 ? std::nullopt : hex_digit(digits[1]);
  if (!high || !low) refuse("a % in the request's target is not followed by two hexadecimal digits");
  return static_cast<char>(*high * 16 + *low);
}

std::string decoded(std::string_view text, bool plus_is_space) {
  std::string plain;
  for (std::size_t place = 0; place < text.size(); ++place) {
    char letter = text[place];
    if (letter == '%') {
      letter = decoded_letter(text.substr(place + 1, 2));
      place += 2;
    } else if (letter == '+' && plus_is_space) {
      letter = ' ';
    }
    plain += letter;
  }
  return plain;
}

std::string decoded_path(std::string_view text) {
  std::string path = decoded(text, false);
  for (const char letter : path) {
    if (is_control(letter)) refuse("the request's path holds a control character");
  }
  return path;
}

}  // namespace

void read_target(RequestHead& head, std::string_view target) {
  if (!target.starts_with('/')) refuse("the request's target does not begin with a slash");
  const auto mark = target.find('?');
  head.path = decoded_path(target.substr(0, mark));
  head.query.clear();
  if (mark == std::string_view::npos) return;
  for (const std::string& part : split(target.substr(mark + 1), '&')) {
    if (part.empty()) continue;
    const std::string_view pair = part;
    const auto equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    head.query[decoded(pair.substr(0, equals), true)] = decoded(value, true);
  }
}

}  // namespace changeling::server
