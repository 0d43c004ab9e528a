#include "cli/help_text.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <vector>

#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr std::size_t page_width = 80;
constexpr std::size_t label_column = 2;
constexpr std::size_t text_column = 26;

/// Breaks at spaces; a word that is longer than the line stays whole.
std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  for (const std::string& word : split(text, ' ')) {
    if (word.empty()) continue;
    if (!line.empty() && line.size() + 1 + word.size() > width) lines.push_back(std::exchange(line, ""));
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

std::string entry(const std::string& label, std::string_view text) {
  const auto lines = wrap(text, page_width - text_column);
  std::string result = fmt::format("{:{}}{:<{}}", "", label_column, label, text_column - label_column);
  // A label without a space before its text gets a line of its own.
  const bool fits = label.size() + 1 < text_column - label_column;
  for (std::size_t index = 0; index < lines.size(); ++index) {
    if (index > 0 || !fits) {
      while (result.ends_with(' ')) result.pop_back();
      result += fmt::format("\n{:{}}", "", text_column);
    }
    result += lines[index];
  }
  while (result.ends_with(' ')) result.pop_back();
  return result + "\n";
}

/// "NUMBER" of "NUMBER:POSITIVE": CLI11 adds the names of checks.
std::string value_name(const CLI::Option& option) {
  const std::string name = option.get_type_name();
  return name.substr(0, name.find(':'));
}

std::string option_label(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  const bool takes_value = option.get_items_expected_max() > 0;
  return join(names, ", ") + (takes_value ? " " + value_name(option) : "");
}

std::string positional_word(const CLI::Option& option) {
  std::string word = value_name(option);
  if (option.get_items_expected_max() > 1) word += "...";
  return option.get_required() ? word : "[" + word + "]";
}

std::vector<const CLI::App*> visible_commands(const CLI::App& app) {
  std::vector<const CLI::App*> commands;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_group().empty()) commands.push_back(command);
  }
  std::sort(commands.begin(), commands.end(),
            [](const CLI::App* one, const CLI::App* other) { return one->get_name() < other->get_name(); });
  return commands;
}

}  // namespace

std::string invocation(const CLI::App& app) {
  std::string words;
  for (const CLI::App* level = &app; level->get_parent() != nullptr; level = level->get_parent()) {
    words = level->get_name() + (words.empty() ? "" : " ") + words;
  }
  return words.empty() ? "git changeling" : "git changeling " + words;
}

std::string help_text(const CLI::App& app) {
  std::vector<const CLI::Option*> options;
  std::vector<const CLI::Option*> positionals;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) (option->get_positional() ? positionals : options).push_back(option);
  }
  const auto commands = visible_commands(app);

  std::string usage = "usage: " + invocation(app);
  if (!options.empty()) usage += " [options]";
  if (!commands.empty()) usage += " COMMAND";
  for (const CLI::Option* positional : positionals) usage += " " + positional_word(*positional);
  std::string text = usage + "\n\n" + app.get_description() + ".\n";
  for (const std::string& paragraph : split_lines(app.get_footer())) {
    if (paragraph.empty()) continue;
    text += "\n" + join(wrap(paragraph, page_width), "\n") + "\n";
  }
  if (!commands.empty()) {
    text += "\nCommands:\n";
    for (const CLI::App* command : commands) text += entry(command->get_name(), command->get_description());
  }
  if (!positionals.empty()) {
    text += "\nArguments:\n";
    for (const CLI::Option* option : positionals)
      text += entry(value_name(*option), option->get_description());
  }
  if (!options.empty()) {
    text += "\nOptions:\n";
    for (const CLI::Option* option : options) text += entry(option_label(*option), option->get_description());
  }
  if (app.get_parent() == nullptr) text += "\nThe manual: git help changeling\n";
  return text;
}

}  // namespace changeling::cli
