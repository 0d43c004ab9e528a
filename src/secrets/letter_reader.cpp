#include "secrets/letter_reader.hpp"

#include <string_view>

namespace changeling {
namespace {

/// Line ends with an indentation stand between the parts of one value; more than this between two.
constexpr std::size_t longest_gap = 16;

int hex_digit(char sign) {
  if (sign >= '0' && sign <= '9') return sign - '0';
  if (sign >= 'a' && sign <= 'f') return sign - 'a' + 10;
  if (sign >= 'A' && sign <= 'F') return sign - 'A' + 10;
  return -1;
}

bool is_blank(char sign) {
  return sign == ' ' || sign == '\t' || sign == '\n' || sign == '\r';
}

/// The sign as the alphabet of RFC 4648, section 4, has it, 0 when neither it nor that of section 5 does.
char base64_letter(char sign) {
  const bool plain = (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z') ||
                     (sign >= '0' && sign <= '9') || sign == '+' || sign == '/';
  if (plain) return sign;
  return sign == '-' ? '+' : sign == '_' ? '/' : '\0';
}

char hex_letter(char sign) {
  return hex_digit(sign) < 0 ? '\0' : (sign >= 'A' && sign <= 'F') ? static_cast<char>(sign + 32) : sign;
}

/// What stands for the sign behind a backslash; 0 when nothing simple does.
char simple_escape(char sign) {
  constexpr std::string_view written = "\"\\/'bfnrt";
  constexpr std::string_view meant = "\"\\/'\b\f\n\r\t";
  const auto at = written.find(sign);
  return at == std::string_view::npos ? '\0' : meant[at];
}

void push(LetterReader::Step& step, int value, std::size_t begin) {
  step.letters[step.count++] = {static_cast<unsigned char>(value), begin};
}

/// UTF-8 of a unit of UTF-16; halves of pairs come out as what no text holds.
void push_unit(LetterReader::Step& step, int unit, std::size_t begin) {
  if (unit < 0x80) return push(step, unit, begin);
  if (unit < 0x800) {
    push(step, 0xC0 | (unit >> 6), begin);
  } else {
    push(step, 0xE0 | (unit >> 12), begin);
    push(step, 0x80 | ((unit >> 6) & 0x3F), begin);
  }
  push(step, 0x80 | (unit & 0x3F), begin);
}

/// The number that the signs from `first` on write; -1 when one of them is no digit.
int hex_number(std::string_view signs, std::size_t first) {
  int number = 0;
  for (const char sign : signs.substr(first)) {
    const int digit = hex_digit(sign);
    if (digit < 0) return -1;
    number = number * 16 + digit;
  }
  return number;
}

}  // namespace

LetterReader::Step LetterReader::take(char sign, std::size_t position) {
  Step step;
  if (writing_ == Writing::Plain) {
    push(step, sign, position);
  } else if (writing_ == Writing::Percent || writing_ == Writing::Backslash) {
    take_escaped(sign, position, step);
  } else {
    take_skipping(sign, step, position);
  }
  return step;
}

void LetterReader::give_up(Step& step) {
  for (std::size_t at = 0; at < signs_.size(); ++at) push(step, signs_[at], begin_ + at);
  signs_.clear();
}

bool LetterReader::finish(Step& step) {
  if (writing_ == Writing::Percent) {
    if (signs_.size() == 3) push(step, hex_number(signs_, 1), begin_);
    return signs_.size() == 3;
  }
  const char kind = signs_[1];
  if (kind == 'u' || kind == 'x') {
    const std::size_t whole = kind == 'u' ? 6 : 4;
    if (signs_.size() == whole) push_unit(step, hex_number(signs_, 2), begin_);
    return signs_.size() == whole;
  }
  push(step, simple_escape(kind), begin_);
  return true;
}

void LetterReader::take_escaped(char sign, std::size_t position, Step& step) {
  const char mark = writing_ == Writing::Percent ? '%' : '\\';
  if (!signs_.empty()) {
    const bool first = signs_.size() == 1;
    const bool names_kind = writing_ == Writing::Backslash && first;
    const bool fits =
        names_kind ? simple_escape(sign) != 0 || sign == 'u' || sign == 'x' : hex_digit(sign) >= 0;
    if (fits) {
      signs_ += sign;
      if (finish(step)) signs_.clear();
      return;
    }
    give_up(step);
  }
  if (sign != mark) return push(step, sign, position);
  signs_ = sign;
  begin_ = position;
}

void LetterReader::take_skipping(char sign, Step& step, std::size_t position) {
  const bool behind_backslash = !signs_.empty();
  signs_.clear();
  const bool is_break = sign == 'n' || sign == 'r' || sign == 't';
  const bool is_gap = is_blank(sign) || (behind_backslash && is_break) ||
                      (writing_ == Writing::Hex && (sign == ':' || (behind_backslash && sign == 'x')));
  const char letter = writing_ == Writing::Hex ? hex_letter(sign) : base64_letter(sign);
  if (is_gap || sign == '\\') {
    step.broken = ++skipped_ > longest_gap;
    if (!is_gap) signs_ = sign;
    begin_ = position;
  } else if (letter == 0) {
    step.broken = true;
  } else {
    skipped_ = 0;
    push(step, letter, position);
  }
}

}  // namespace changeling
