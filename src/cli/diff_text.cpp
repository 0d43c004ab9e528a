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
    const std::string name = change.kind == git::FileChange::Kind::Renamed
                                 ? fmt::format("{} => {}", change.old_path, change.path)
                                 : change.path;
    text += fmt::format(" {}  {}\n", name, lines);
  }
  return text + fmt::format(" {} file{} changed, {} line{} added, {} removed\n", changes.size(),
                            changes.size() == 1 ? "" : "s", added, added == 1 ? "" : "s", deleted);
}

std::string readable_body(std::string_view body) {
  std::string text;
  while (!body.empty()) {
    if (body.starts_with("<!--")) {
      const auto end = body.find("-->");
      body.remove_prefix(end == std::string_view::npos ? body.size() : end + 3);
      continue;
    }
    bool tag = false;
    for (const std::string_view name : {"<details>", "</details>", "<summary>", "</summary>"}) {
      if (!body.starts_with(name)) continue;
      body.remove_prefix(name.size());
      tag = true;
    }
    if (tag) continue;
    text += body.front();
    body.remove_prefix(1);
  }
  return std::string(trim(text)) + "\n";
}

}  // namespace changeling::cli
