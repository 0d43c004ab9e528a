#include "run/output_tail.hpp"

#include <algorithm>

#include "support/terminal_codes.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

/// Without control characters (carriage returns, tabs), and never cut inside a character.
std::string as_one_line(std::string_view line, std::size_t limit) {
  std::string plain = valid_utf8(line);
  std::replace_if(
      plain.begin(), plain.end(), [](char letter) { return static_cast<unsigned char>(letter) < 0x20; }, ' ');
  plain = std::string(trim(plain));
  if (plain.size() <= limit) return plain;
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(plain[end]) & 0xC0U) == 0x80U) --end;
  return plain.substr(0, end) + "…";
}

}  // namespace

void OutputTail::append(std::string_view bytes) {
  kept_.append(bytes.substr(bytes.size() - std::min(bytes.size(), 2 * limit_)));
  if (kept_.size() > 2 * limit_) kept_.erase(0, kept_.size() - limit_ - 1);
}

std::string OutputTail::text() const {
  return valid_utf8(last_part(kept_, limit_));
}

std::string OutputTail::last_line() const {
  return last_line_of(kept_);
}

std::string last_line_of(std::string_view printed, std::size_t limit) {
  const std::string plain = without_terminal_codes(printed);
  std::string_view text = plain;
  const auto last = text.find_last_not_of(" \t\r\n");
  if (last == std::string_view::npos) return "";
  text = text.substr(0, last + 1);
  const auto line_start = text.rfind('\n');
  return as_one_line(line_start == std::string_view::npos ? text : text.substr(line_start + 1), limit);
}

std::string first_line_of(std::string_view printed, std::size_t limit) {
  const std::string plain = without_terminal_codes(printed);
  const std::string_view text = trim(plain);
  return as_one_line(text.substr(0, text.find('\n')), limit);
}

}  // namespace changeling::run
