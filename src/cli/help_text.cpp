#include "cli/help_text.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <vector>

#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr std::size_t page_width = 80;
constexpr std::size_t help_column = 28;

/// Paragraphs folded to `width`, each line indented.
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

std::string entry(const std::string& left, const std::string& help) {
  const std::string start = "  " + left;
  if (start.size() + 2 > help_column) return start + "\n" + folded(help, help_column, 0);
  return start + folded(help, help_column, start.size());
}

std::string option_words(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) {
    // "--no-x" is mentioned in the manual page.
    if (!name.starts_with("no-") || option.get_lnames().size() == 1) names.push_back("--" + name);
  }
  std::string words = join(names, ", ");
  if (option.get_items_expected_max() > 0) words += " " + option.get_type_name();
  if (option.get_items_expected_max() > 1) words += "...";
  return words;
}

std::string option_help(const CLI::Option& option) {
  const bool repeats = option.get_items_expected_max() == 1 &&
                       option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  return option.get_description() + (repeats ? "; may be repeated" : "");
}

std::string usage(const CLI::App& app) {
  std::string words = fmt::format("usage: {} [<options>]", invocation(app));
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    const std::string name = argument_name(*option) + (option->get_items_expected_max() > 1 ? "..." : "");
    words += option->get_required() ? " " + name : fmt::format(" [{}]", name);
  }
  if (!app.get_subcommands([](const CLI::App*) { return true; }).empty()) words += " <command>";
  return words + "\n";
}

}  // namespace

/// "NUMBER" of "NUMBER:POSITIVE": CLI11 adds the names of checks.
std::string argument_name(const CLI::Option& option) {
  const std::string name = option.get_type_name();
  return name.substr(0, name.find(':'));
}

std::string invocation(const CLI::App& app) {
  std::string words;
  for (const CLI::App* level = &app; level->get_parent() != nullptr; level = level->get_parent()) {
    words = level->get_name() + (words.empty() ? "" : " ") + words;
  }
  return words.empty() ? "git changeling" : "git changeling " + words;
}

std::string help_text(const CLI::App& app) {
  std::string text = usage(app) + "\n" + folded(app.get_description() + ".", 0, 0);
  for (const std::string& paragraph : split_lines(app.get_footer())) {
    text += paragraph.empty() ? "\n" : "\n" + folded(paragraph, 0, 0);
  }
  std::string arguments;
  std::string options;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      arguments += entry(argument_name(*option), option->get_description());
    } else {
      options += entry(option_words(*option), option_help(*option));
    }
  }
  std::map<std::string, std::string> entries;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name().starts_with("__")) continue;
    entries[command->get_name()] = entry(command->get_name(), command->get_description());
  }
  std::string commands;
  for (const auto& [name, text_of_entry] : entries) commands += text_of_entry;
  if (!commands.empty()) text += "\nCommands:\n" + commands;
  if (!arguments.empty()) text += "\nArguments:\n" + arguments;
  if (!options.empty()) text += "\nOptions:\n" + options;
  if (app.get_parent() != nullptr) {
    text += "\nEvery command also takes -C PATH, --json, -q/--quiet and --no-pager.\n";
  }
  return text;
}

}  // namespace changeling::cli
