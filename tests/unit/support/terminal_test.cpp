#include "support/terminal.hpp"

#include <doctest/doctest.h>

#include <random>

#include "support/text.hpp"

using namespace changeling;

namespace {

const std::string wide = "\xE6\xBC\xA2";       // 漢, two columns
const std::string umlaut = "\xC3\xA4";         // ä
const std::string combined = "a\xCC\x88";      // a with a combining diaeresis
const std::string emoji = "\xF0\x9F\x98\x80";  // two columns
const std::string ellipsis = "\xE2\x80\xA6";

std::vector<TableCell> row(const std::vector<std::string>& texts) {
  std::vector<TableCell> cells;
  for (const std::string& text : texts) cells.push_back({text});
  return cells;
}

}  // namespace

TEST_CASE("columns are counted as a terminal draws them") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width(umlaut) == 1);
  CHECK(display_width(combined) == 1);
  CHECK(display_width(wide + wide) == 4);
  CHECK(display_width(emoji) == 2);
  CHECK(display_width("\x1B[1;31mred\x1B[m") == 3);
  CHECK(display_width("\x1B[") == 0);
}

TEST_CASE("bytes that are no UTF-8 neither swallow what follows nor are read past the end") {
  CHECK(display_width("\xFF") == 1);
  CHECK(display_width("\xE6") == 1);
  CHECK(display_width("\xE6zab") == 4);
  CHECK(display_width("\x80\x80") == 2);
  CHECK(truncated("\xE6zabcd", 4) == "\xE6za" + ellipsis);
}

TEST_CASE("what is cut ends in an ellipsis and fits") {
  CHECK(truncated("abc", 3) == "abc");
  CHECK(truncated("abcd", 3) == "ab" + ellipsis);
  CHECK(truncated("abcd", 1) == ellipsis);
  CHECK(truncated("abcd", 0).empty());
  CHECK(truncated(wide + wide, 3) == wide + ellipsis);
  CHECK(truncated(wide + wide, 2) == ellipsis);
  CHECK(truncated(combined + "bcd", 3) == combined + "b" + ellipsis);
}

TEST_CASE("cut text is never wider than asked and is a beginning of the text") {
  std::mt19937 random(1);
  const std::vector<std::string> letters{"a", umlaut, combined, wide, emoji, " "};
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::size_t count = random() % 12; count > 0; --count) text += letters[random() % letters.size()];
    const std::size_t width = random() % 14;
    const std::string cut = truncated(text, width);
    CAPTURE(text);
    CHECK(display_width(cut) <= width);
    CHECK(cut == valid_utf8(cut));
    if (cut.ends_with(ellipsis)) {
      CHECK(text.starts_with(cut.substr(0, cut.size() - ellipsis.size())));
    } else if (width > 0) {
      CHECK(cut == text);
    }
  }
}

TEST_CASE("styles appear only in colour") {
  CHECK(harmless_on_terminal(styled("x", Style::Red, true)) == "\x1B[31mx\x1B[m");
  CHECK(styled("x", Style::Red, false) == "x");
  CHECK(styled("x", Style::Plain, true) == "x");
  CHECK(styled("", Style::Bold, true).empty());
}

TEST_CASE("columns are aligned two apart, without spaces at the end") {
  CHECK(format_table({row({"NAME", "STATE"}), row({"a", "running"}), row({"longer", ""})}, 0, false) ==
        "NAME    STATE\na       running\nlonger\n");
  CHECK(format_table({row({wide, "x"}), row({"abc", "y"})}, 0, false) == wide + "   x\nabc  y\n");
  CHECK(format_table({}, 80, false).empty());
  CHECK(format_table({{}}, 80, false) == "\n");
}

TEST_CASE("colour does not move columns") {
  const std::vector<std::vector<TableCell>> rows{{{"ab", Style::Green}, {"x"}}, {{"abcd"}, {"y"}}};
  CHECK(harmless_on_terminal(format_table(rows, 0, true)) == "\x1B[32mab\x1B[m    x\nabcd  y\n");
}

TEST_CASE("without a limit nothing is cut") {
  const std::string text(500, 'x');
  CHECK(format_table({row({text, text})}, 0, false) == text + "  " + text + "\n");
}

TEST_CASE("the last column gets what the others leave, and then wide ones give way") {
  CHECK(format_table({row({"abc", "0123456789"})}, 10, false) == "abc  0123" + ellipsis + "\n");
  const std::string table = format_table({row({std::string(100, 'a'), "short", "0123456789"})}, 40, false);
  CHECK(table == std::string(20, 'a') + ellipsis + "  short  0123456789\n");
}

TEST_CASE("lines fit wherever the columns can be narrow enough") {
  std::mt19937 random(2);
  const std::vector<std::string> letters{"a", "b", umlaut, wide, emoji, combined, " "};
  for (int round = 0; round < 500; ++round) {
    const std::size_t columns = 1 + random() % 5;
    std::vector<std::vector<TableCell>> rows;
    for (std::size_t count = 1 + random() % 4; count > 0; --count) {
      std::vector<TableCell> cells;
      for (std::size_t column = 0; column < columns; ++column) {
        std::string text;
        for (std::size_t length = random() % 40; length > 0; --length)
          text += letters[random() % letters.size()];
        cells.push_back({text});
      }
      rows.push_back(std::move(cells));
    }
    for (std::size_t width = columns * 10; width < 120; width += 7) {
      for (const std::string& line : split_lines(format_table(rows, width, false))) {
        CAPTURE(line);
        CHECK(display_width(line) <= width);
      }
    }
  }
}

TEST_CASE("a cell is one line and cannot command the terminal") {
  CHECK(format_table({row({"two\nlines", "tab\there",
                           "\x1B]0;title\x07"
                           "bell\r"})},
                     0, false) == "two lines  tab here  \\u{1b}]0;title\\u{7}bell\n");
}

TEST_CASE("a terminal gets lines, tabs and our styles, whoever has written parts of the text") {
  const std::string own =
      styled("red", Style::Red, true) + " " + styled("dim", Style::Dim, true) + "\n\tend\n";
  CHECK(harmless_on_terminal(own) == "\x1B[31mred\x1B[m \x1B[2mdim\x1B[m\n\tend\n");
  // What looks like a style of ours is none when somebody else has written it.
  CHECK(harmless_on_terminal("\x1B[31mred\x1B[m") == "\\u{1b}[31mred\\u{1b}[m");
  const std::string foreign = "\x1B]0;own\x07 \x1B[2J \u009B31m \r\b \u202E";
  CHECK(harmless_on_terminal(foreign) == "\\u{1b}]0;own\\u{7} \\u{1b}[2J \\u{9b}31m  \\u{8} \\u{202e}");
  CHECK(harmless_on_terminal("\x9B"
                             "31m \xFF") == "\\x9b31m \\xff");
}

TEST_CASE("colour is for terminals whose user did not decline it") {
  // Neither stream of a test is a terminal that could decide the width, or it is and wins.
  const Terminal plain = Terminal::detect(Environment({{"TERM", "dumb"}, {"COLUMNS", "33"}}));
  CHECK_FALSE(plain.color);
  CHECK_FALSE(plain.error_color);
  if (!plain.output_is_terminal && !plain.error_is_terminal) {
    CHECK(plain.width == 33);
    for (const char* columns : {"0", "-4", "wide", ""}) {
      CHECK(Terminal::detect(Environment(std::map<std::string, std::string>{{"COLUMNS", columns}})).width ==
            80);
    }
  }
  CHECK_FALSE(
      Terminal::detect(Environment(std::map<std::string, std::string>{{"TERM", "xterm"}, {"NO_COLOR", "1"}}))
          .color);
}
