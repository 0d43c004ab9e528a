#include "support/characters.hpp"

#include <algorithm>
#include <array>

namespace changeling {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array<Range, 15> invisible{{{0x00AD, 0x00AD},
                                           {0x034F, 0x034F},
                                           {0x061C, 0x061C},
                                           {0x115F, 0x1160},
                                           {0x17B4, 0x17B5},
                                           {0x180B, 0x180F},
                                           {0x200B, 0x200F},
                                           {0x202A, 0x202E},
                                           {0x2060, 0x206F},
                                           {0x3164, 0x3164},
                                           {0xFEFF, 0xFEFF},
                                           {0xFFA0, 0xFFA0},
                                           {0xFFF0, 0xFFFB},
                                           {0x1D173, 0x1D17A},
                                           {0xE0000, 0xE0FFF}}};

bool is_in(const Range& range, char32_t point) {
  return range.first <= point && point <= range.last;
}

/// Arrows, symbols, emoji, and what modifies them.
bool is_picture(char32_t point) {
  return is_in({0x2190, 0x2BFF}, point) || is_in({0x1F000, 0x1FAFF}, point) || is_variation_selector(point);
}

bool is_in_joining_script(char32_t point) {
  return is_in({0x0620, 0x0DFF}, point);
}

/// The length that the first byte announces; 0 for one that begins no character.
std::size_t announced_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

}  // namespace

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const std::size_t length = announced_length(byte(0));
  if (length == 0 || text.size() < length) return {};
  char32_t point = length == 1 ? byte(0) : byte(0) & (0x7FU >> length);
  for (std::size_t index = 1; index < length; ++index) {
    if ((byte(index) & 0xC0U) != 0x80U) return {};
    point = point << 6U | (byte(index) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = is_in({0xD800, 0xDFFF}, point);
  if (point < least.at(length) || is_surrogate || point > 0x10FFFF) return {};
  return {point, length};
}

bool is_control(char32_t point) {
  return point < 0x20 || is_in({0x7F, 0x9F}, point) || is_in({0x2028, 0x2029}, point);
}

bool is_invisible(char32_t point) {
  // Most text is far below the second.
  if (point < 0x034F) return point == 0x00AD;
  return std::any_of(invisible.begin(), invisible.end(),
                     [&](const Range& range) { return is_in(range, point); });
}

bool is_variation_selector(char32_t point) {
  return is_in({0xFE00, 0xFE0F}, point);
}

bool may_be_joined(char32_t before, char32_t after) {
  return (is_picture(before) && is_picture(after)) ||
         (is_in_joining_script(before) && is_in_joining_script(after));
}

}  // namespace changeling
