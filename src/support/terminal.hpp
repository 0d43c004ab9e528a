#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/environment.hpp"

namespace changeling {

/// What the user's terminal can show; decided once by the command line.
struct Terminal {
  bool output_is_terminal = false;
  bool error_is_terminal = false;
  bool input_is_terminal = false;
  bool color = false;  ///< On standard output: a terminal, no NO_COLOR, TERM is not "dumb".
  bool error_color = false;
  int width = 80;  ///< Columns of standard output or standard error; 80 when unknown.

  static Terminal detect(const Environment& environment);
};

enum class Style { Plain, Bold, Dim, Red, Green, Yellow, Blue, Magenta, Cyan };

/// The text with its escape sequence, or unchanged when `color` is false. The sequence bears a mark that text
/// of others cannot have; it is shown through harmless_on_terminal.
std::string styled(std::string_view text, Style style, bool color);

/// A text as a terminal may get it, whoever has written parts of it: lines, tabs and what styled() made.
/// Everything else that a terminal obeys or a reader would not see is written out, see shown_as_text.
std::string harmless_on_terminal(std::string_view text);

/// Columns a UTF-8 string takes on a terminal (wide and combining characters considered, escapes ignored).
std::size_t display_width(std::string_view text);
/// Shortened to `width` columns, ending in "…" when something was cut.
std::string truncated(std::string_view text, std::size_t width);

/// Rows in columns two spaces apart. The last column is cut, on a terminal, to fit `width`; 0 means no limit.
/// Each cell is one line, see without_controls.
struct TableCell {
  std::string text;
  Style style = Style::Plain;
};
std::string format_table(std::vector<std::vector<TableCell>> rows, std::size_t width, bool color);

}  // namespace changeling
