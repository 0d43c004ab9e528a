#include <fmt/format.h>

#include <cctype>

#include "queue/import_formats.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::queue {
namespace {

constexpr std::size_t tab_width = 4;

std::size_t indentation(std::string_view line) {
  std::size_t columns = 0;
  for (const char character : line) {
    if (character == ' ') {
      ++columns;
    } else if (character == '\t') {
      columns += tab_width - columns % tab_width;
    } else {
      break;
    }
  }
  return columns;
}

/// The line without its first `columns` columns of white space, or without all of it when there is less.
std::string dedented(std::string_view line, std::size_t columns) {
  std::size_t column = 0;
  while (column < columns && !line.empty() && (line.front() == ' ' || line.front() == '\t')) {
    column += line.front() == '\t' ? tab_width - column % tab_width : 1;
    line.remove_prefix(1);
  }
  return std::string(line);
}

struct ChecklistItem {
  std::size_t indent = 0;
  bool checked = false;
  std::string_view title;
};

/// "- [ ] title", with any of the bullets that Markdown knows, and numbers.
std::optional<ChecklistItem> parse_item(std::string_view line) {
  ChecklistItem item;
  item.indent = indentation(line);
  std::string_view rest = trim(line);
  std::size_t digits = 0;
  while (digits < rest.size() && std::isdigit(static_cast<unsigned char>(rest[digits])) != 0) ++digits;
  const bool numbered = digits > 0 && digits < rest.size() && (rest[digits] == '.' || rest[digits] == ')');
  const bool bulleted = !rest.empty() && (rest[0] == '-' || rest[0] == '*' || rest[0] == '+');
  if (!numbered && !bulleted) return std::nullopt;
  rest = rest.substr(numbered ? digits + 1 : 1);
  if (rest.empty() || (rest[0] != ' ' && rest[0] != '\t')) return std::nullopt;
  rest = trim(rest);
  if (rest.size() < 3 || rest[0] != '[' || rest[2] != ']') return std::nullopt;
  if (rest[1] != ' ' && rest[1] != 'x' && rest[1] != 'X') return std::nullopt;
  item.checked = rest[1] != ' ';
  item.title = trim(rest.substr(3));
  return item;
}

bool is_fence(std::string_view line) {
  const std::string_view content = trim(line);
  return content.starts_with("```") || content.starts_with("~~~");
}

/// One open item and the lines below it.
struct OpenItem {
  Task task;
  std::size_t indent = 0;
  std::vector<std::string_view> lines;
  std::string place;
};

/// The lines below an item as one text: dedented by what they have in common, without blank edges.
std::string description_of(const std::vector<std::string_view>& lines) {
  std::size_t common = std::string::npos;
  for (const std::string_view line : lines) {
    if (!trim(line).empty()) common = std::min(common, indentation(line));
  }
  std::string text;
  for (const std::string_view line : lines) {
    text += trim(line).empty() ? "" : dedented(line, common);
    text += '\n';
  }
  const auto first = text.find_first_not_of('\n');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of('\n') - first + 1);
}

}  // namespace

void read_checklist(std::string_view text, const std::string& file_name, const Task& defaults,
                    Import& result) {
  const std::string valid = valid_utf8(text);
  std::vector<std::string> lines = split_lines(valid);
  std::optional<OpenItem> open;
  bool in_fence = false;
  const auto close = [&] {
    if (!open) return;
    open->task.description = description_of(open->lines);
    result.tasks.push_back({std::move(open->task), std::move(open->place)});
    open.reset();
  };
  for (std::size_t index = 0; index < lines.size(); ++index) {
    std::string& line = lines[index];
    if (line.ends_with('\r')) line.pop_back();
    const bool fence = is_fence(line);
    if (fence) in_fence = !in_fence;
    const bool blank = trim(line).empty();
    if (open && (blank || indentation(line) > open->indent)) {
      open->lines.push_back(line);
      continue;
    }
    const auto item = in_fence || fence ? std::nullopt : parse_item(line);
    if (!item) {
      // Headings and paragraphs in between belong to no task.
      if (!blank) close();
      continue;
    }
    close();
    open.emplace(OpenItem{defaults, item->indent, {}, fmt::format("{}:{}", file_name, index + 1)});
    open->task.title = std::string(item->title);
    if (item->checked) open->task.status = TaskStatus::Done;
    if (item->title.empty()) {
      throw Error(ErrorKind::Invalid, open->place + ": title: there is no text after the box");
    }
  }
  close();
}

}  // namespace changeling::queue
