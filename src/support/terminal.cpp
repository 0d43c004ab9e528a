#include "support/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "support/text.hpp"
#include "support/visible_text.hpp"

namespace changeling {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode ranges that terminals draw two columns wide (East Asian Width W and F, emoji), coarse.
constexpr std::array wide{
    Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},   Range{0xAC00, 0xD7A3},
    Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},
    Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD},
};
// Marks drawn over the character before them, and joiners.
constexpr std::array combining{
    Range{0x0300, 0x036F}, Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF},
    Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F},
};

template <std::size_t Count>
bool contains(const std::array<Range, Count>& ranges, char32_t letter) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return letter >= range.first && letter <= range.last; });
}

/// Takes one character, or a whole escape sequence (of width 0), off the front of `text`.
std::pair<std::string_view, std::size_t> take_character(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  std::size_t length = 1;
  std::size_t width = 1;
  if (first == 0x1B && text.size() > 1 && text[1] == '[') {
    length = 2;
    while (length < text.size() && (text[length] < '@' || text[length] > '~')) ++length;
    length = std::min(length + 1, text.size());
    width = 0;
  } else if (first >= 0xC0) {
    const std::size_t announced = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    char32_t letter = first & (0xFFU >> (announced + 1));
    // Broken UTF-8 ends where its continuation bytes do.
    for (; length < announced && length < text.size(); ++length) {
      const auto byte = static_cast<unsigned char>(text[length]);
      if ((byte & 0xC0U) != 0x80U) break;
      letter = (letter << 6) | (byte & 0x3FU);
    }
    width = contains(combining, letter) ? 0 : contains(wide, letter) ? 2 : 1;
  }
  const std::string_view taken = text.substr(0, length);
  text.remove_prefix(length);
  return {taken, width};
}

int columns(const Environment& environment) {
  winsize size{};
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  }
  if (const auto text = environment.get("COLUMNS")) {
    int value = 0;
    if (std::from_chars(text->data(), text->data() + text->size(), value).ec == std::errc() && value > 0)
      return value;
  }
  return 80;
}

constexpr std::array<std::string_view, 9> style_codes{"", "1", "2", "31", "32", "33", "34", "35", "36"};

constexpr std::string_view sequence_start = "\x1B[";

/// What marks our own styles until they are shown: a number that nobody else can know, in the place of a
/// parameter, so that the sequence keeps its shape.
const std::string& style_mark() {
  static const std::string mark = [] {
    std::string digits = random_id(16);
    for (char& letter : digits) letter = static_cast<char>('0' + letter % 10);
    return std::string(sequence_start) + digits + ";";
  }();
  return mark;
}

constexpr std::size_t narrowest_column = 8;

/// Makes the widest columns but the last narrower until the last one has some room, too.
void shrink_to_fit(std::vector<std::size_t>& widths, std::size_t width) {
  if (widths.size() < 2) return;
  const auto needed = [&] {
    std::size_t sum = std::min<std::size_t>(widths.back(), 2 * narrowest_column);
    for (std::size_t column = 0; column + 1 < widths.size(); ++column) sum += widths[column] + 2;
    return sum;
  };
  while (needed() > width) {
    const auto widest = std::max_element(widths.begin(), widths.end() - 1);
    if (*widest <= narrowest_column) return;
    --*widest;
  }
}

}  // namespace

Terminal Terminal::detect(const Environment& environment) {
  Terminal terminal;
  terminal.input_is_terminal = ::isatty(STDIN_FILENO) == 1;
  terminal.output_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  terminal.error_is_terminal = ::isatty(STDERR_FILENO) == 1;
  const bool wanted =
      environment.get("NO_COLOR").value_or("").empty() && environment.get("TERM").value_or("dumb") != "dumb";
  terminal.color = terminal.output_is_terminal && wanted;
  terminal.error_color = terminal.error_is_terminal && wanted;
  terminal.width = columns(environment);
  return terminal;
}

std::string styled(std::string_view text, Style style, bool color) {
  if (!color || style == Style::Plain || text.empty()) return std::string(text);
  const std::string_view code = style_codes.at(static_cast<std::size_t>(style));
  return fmt::format("{0}{1}m{2}{0}m", style_mark(), code, text);
}

std::string harmless_on_terminal(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t mark = std::min(text.find(style_mark()), text.size());
    shown += shown_as_text(text.substr(0, mark), LineEnds::Kept);
    text.remove_prefix(mark);
    if (text.empty()) break;
    text.remove_prefix(style_mark().size());
    const std::size_t end = text.find('m');
    const auto known = std::find(style_codes.begin(), style_codes.end(), text.substr(0, end));
    if (end == std::string_view::npos || known == style_codes.end()) continue;  // It was cut.
    shown += std::string(sequence_start) + std::string(*known) + "m";
    text.remove_prefix(end + 1);
  }
  return shown;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) width += take_character(text).second;
  return width;
}

std::string truncated(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return "";
  std::string kept;
  std::size_t used = 0;
  while (!text.empty()) {
    const auto [character, columns_used] = take_character(text);
    if (used + columns_used > width - 1) break;
    kept += character;
    used += columns_used;
  }
  return kept + "…";
}

std::string format_table(std::vector<std::vector<TableCell>> rows, std::size_t width, bool color) {
  std::vector<std::size_t> widths;
  for (auto& row : rows) {
    for (TableCell& cell : row) cell.text = without_controls(cell.text);
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], display_width(row[column].text));
    }
  }
  if (width > 0) shrink_to_fit(widths, width);
  std::string table;
  for (const auto& row : rows) {
    std::string line;
    std::size_t used = 0;
    for (std::size_t column = 0; column < row.size(); ++column) {
      std::string text = row[column].text;
      const bool is_last = column + 1 == row.size();
      if (width > 0) text = truncated(text, is_last && width > used ? width - used : widths[column]);
      line += styled(text, row[column].style, color);
      if (is_last) break;
      const std::size_t padding = widths[column] - display_width(text) + 2;
      line.append(padding, ' ');
      used += widths[column] + 2;
    }
    while (line.ends_with(' ')) line.pop_back();
    table += line + "\n";
  }
  return table;
}

}  // namespace changeling
