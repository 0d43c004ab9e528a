#include "cli/help_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "cli/command_sections.hpp"
#include "cli/command_tree.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr std::size_t page_width = 80;
constexpr std::size_t help_column = 28;

std::string entry(const std::string& left, const std::string& help) {
  const std::string start = "  " + left;
  if (start.size() + 2 > help_column) return start + "\n" + folded(help, help_column, 0);
  return start + folded(help, help_column, start.size());
}

std::string option_words(const Option& option) {
  std::vector<std::string> names = option.names();
  // "--no-x" is mentioned in the manual page.
  if (names.size() > 1)
    std::erase_if(names, [](const std::string& name) { return name.starts_with("--no-"); });
  std::string words = join(names, ", ");
  if (option.takes_value()) words += " " + option.value_name();
  if (option.takes_many()) words += "...";
  return words;
}

std::string option_help(const Option& option) {
  const bool repeats = option.takes_value() && !option.takes_many() && option.may_be_repeated();
  return option.help() + (repeats ? "; may be repeated" : "");
}

std::string usage(const CommandLevel& level) {
  std::string words = fmt::format("usage: {} [<options>]", level.invocation());
  for (const Option& option : level.syntax.options()) {
    if (!option.is_argument()) continue;
    const std::string name = option.value_name() + (option.takes_many() ? "..." : "");
    words += option.is_required() ? " " + name : fmt::format(" [{}]", name);
  }
  if (!level.action) words += " <command>";
  return words + "\n";
}

}  // namespace

std::string folded(const std::string& text, std::size_t indent, std::size_t first_column) {
  std::string lines;
  std::string line(first_column < indent ? indent - first_column : 0, ' ');
  std::size_t column = std::max(indent, first_column);
  bool empty = true;
  for (const std::string& word : split(text, ' ')) {
    if (!empty && column + 1 + word.size() > page_width) {
      lines += line + "\n";
      line.assign(indent, ' ');
      column = indent;
      empty = true;
    }
    if (!empty) {
      line += ' ';
      ++column;
    }
    line += word;
    column += word.size();
    empty = false;
  }
  return lines + line + "\n";
}

namespace {

/// The entries by what one wants to do.
std::string in_sections(const std::map<std::string_view, std::string>& entries) {
  std::string text;
  for (const CommandSection& section : command_sections()) {
    text += fmt::format("\n{}:\n", section.title);
    for (const std::string_view name : section.names) text += entries.at(name);
  }
  return text;
}

std::string in_order(const std::map<std::string_view, std::string>& entries) {
  std::string text = "\nCommands:\n";
  for (const auto& [name, entry_of_name] : entries) text += entry_of_name;
  return text;
}

}  // namespace

std::string help_text(const CommandTree& tree, const CommandLevel& level) {
  std::string text = usage(level) + "\n" + folded(std::string(level.summary) + ".", 0, 0);
  for (const std::string& paragraph : split_lines(level.description)) {
    text += paragraph.empty() ? "\n" : "\n" + folded(paragraph, 0, 0);
  }
  std::string arguments;
  std::string options;
  for (const Option& option : level.syntax.options()) {
    if (option.is_argument()) {
      arguments += entry(option.value_name(), option.help());
    } else {
      options += entry(option_words(option), option_help(option));
    }
  }
  std::map<std::string_view, std::string> entries;
  for (const CommandName& below : tree.names_below(level)) {
    if (!below.is_hidden()) entries[below.name] = entry(std::string(below.name), std::string(below.summary));
  }
  if (!entries.empty()) text += level.above == nullptr ? in_sections(entries) : in_order(entries);
  if (!arguments.empty()) text += "\nArguments:\n" + arguments;
  if (!options.empty()) text += "\nOptions:\n" + options;
  if (level.above != nullptr) {
    text += "\nEvery command also takes -C PATH, --json, -q/--quiet and --no-pager.\n";
  }
  return text;
}

}  // namespace changeling::cli
