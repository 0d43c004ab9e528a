#include "cli/diff_text.hpp"

#include <fmt/format.h>

#include "support/text.hpp"

namespace changeling::cli {
namespace {

Style line_style(std::string_view line) {
  if (line.starts_with("diff ") || line.starts_with("index ") || line.starts_with("--- ") ||
      line.starts_with("+++ ")) {
    return Style::Bold;
  }
  if (line.starts_with("@@")) return Style::Cyan;
  if (line.starts_with('+')) return Style::Green;
  if (line.starts_with('-')) return Style::Red;
  return Style::Plain;
}

bool is_control(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return byte < 0x20 || byte == 0x7F;
}

/// As git writes a path with unusual characters (core.quotePath in git-config(1)), but for those beyond
/// ASCII, which stay.
std::string quoted_path(const std::string& path) {
  std::string quoted;
  for (const char letter : path) {
    constexpr std::string_view named = "\a\b\t\n\v\f\r\"\\";
    constexpr std::string_view names = "abtnvfr\"\\";
    if (const auto place = named.find(letter); place != std::string_view::npos) {
      quoted += {'\\', names[place]};
    } else if (is_control(letter)) {
      quoted += fmt::format("\\{:03o}", static_cast<unsigned char>(letter));
    } else {
      quoted += letter;
    }
  }
  return quoted == path ? path : '"' + quoted + '"';
}

}  // namespace

std::string colored_diff(std::string_view diff, bool color) {
  if (!color) return std::string(diff);
  std::string text;
  for (const std::string& line : split_lines(diff)) text += styled(line, line_style(line), true) + "\n";
  return text;
}

std::string change_summary(const std::vector<git::FileChange>& changes, const Terminal& terminal) {
  std::size_t added = 0;
  std::size_t deleted = 0;
  std::string text;
  for (const git::FileChange& change : changes) {
    added += change.added_lines;
    deleted += change.deleted_lines;
    const std::string lines =
        change.binary ? "binary"
                      : styled(fmt::format("+{}", change.added_lines), Style::Green, terminal.color) + " " +
                            styled(fmt::format("-{}", change.deleted_lines), Style::Red, terminal.color);
    const std::string name =
        change.kind == git::FileChange::Kind::Renamed
            ? fmt::format("{} => {}", quoted_path(change.old_path), quoted_path(change.path))
            : quoted_path(change.path);
    text += fmt::format(" {}  {}\n", name, lines);
  }
  return text + fmt::format(" {} file{} changed, {} line{} added, {} removed\n", changes.size(),
                            changes.size() == 1 ? "" : "s", added, added == 1 ? "" : "s", deleted);
}

}  // namespace changeling::cli
