#pragma once

#include <cstddef>
#include <string_view>

namespace changeling {

/// A character of UTF-8.
struct Character {
  char32_t point = 0;
  std::size_t length = 0;  ///< In bytes; 0 when the text does not begin with valid UTF-8.
};

/// The character that a text begins with, which is not empty.
Character first_character(std::string_view text);

/// Whether a terminal may obey the character, or take it for the end of a line: C0, DEL, C1 (ECMA-48), and
/// U+2028 and U+2029.
bool is_control(char32_t point);

/// Whether nobody sees the character, though a program reads it: Unicode's default-ignorable characters, and
/// with them all that turn the direction of writing; not the selectors of U+FE00 to U+FE0F.
bool is_invisible(char32_t point);

/// U+FE00 to U+FE0F, which choose how the character before them is drawn.
bool is_variation_selector(char32_t point);

/// Whether a joiner (U+200C, U+200D) between the two is part of ordinary writing: of pictures, as in those of
/// families, and of the scripts of Arabia and India.
bool may_be_joined(char32_t before, char32_t after);

}  // namespace changeling
