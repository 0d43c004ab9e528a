#pragma once

#include <string>
#include <string_view>

namespace changeling {

/// The UTF-8 text without characters that nobody sees and a program reads: zero-width and invisible ones,
/// those that turn the direction of writing, tags (U+E0000), and variation selectors behind the first.
std::string without_invisible_characters(std::string_view text);

/// What becomes of line ends and tabs.
enum class LineEnds {
  Kept,    ///< But for carriage returns, which become spaces: a line's beginning is not written over.
  Spaces,  ///< A space each: for a value in a line of ours, where they mean nothing.
  Written  ///< \n, \t, \r: for a value in a line that programs read.
};

/// How what is not seen is written out.
enum class Escapes {
  OfReaders,  ///< "\u{1b}", and "\x9b" for a byte that is no UTF-8.
  OfJson      ///< "\u001b", in pairs beyond U+FFFF; a byte that is no UTF-8 becomes U+FFFD.
};

/// The text with everything that a reader would not see written out, bytes that are no UTF-8 among it:
/// control characters, those that turn the direction of writing, and invisible ones. A variation selector
/// behind a character, and joiners where scripts and emoji need them, stay.
std::string shown_as_text(std::string_view text, LineEnds ends, Escapes escapes = Escapes::OfReaders);

/// As without_invisible_characters, and also without what a page of Markdown does not show: HTML comments,
/// and link definitions that are used as comments. Comments inside code stay where it is certain that they
/// are shown.
std::string visible_markdown(std::string_view text);

}  // namespace changeling
