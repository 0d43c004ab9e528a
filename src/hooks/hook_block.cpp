#include "hooks/hook_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "hooks/hook_input.hpp"
#include "hooks/shell_text.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::hooks {
namespace {

constexpr std::string_view opening = "# >>> git-changeling hook: ";
constexpr std::string_view closing = "# <<< git-changeling hook\n";
constexpr std::string_view shebang = "#!/bin/sh\n";

constexpr std::array<std::pair<BlockKind, std::string_view>, 4> kind_words{{
    {BlockKind::Added, "added"},
    {BlockKind::Joined, "added with a newline"},
    {BlockKind::Whole, "whole file"},
    {BlockKind::Chain, "in front of another"},
}};

std::string_view word_of(BlockKind kind) {
  return std::find_if(kind_words.begin(), kind_words.end(),
                      [&](const auto& row) { return row.first == kind; })
      ->second;
}

/// The offset behind the line with "#!", or 0.
std::size_t end_of_shebang(std::string_view content) {
  if (!content.starts_with("#!")) return 0;
  const auto newline = content.find('\n');
  return newline == std::string_view::npos ? content.size() : newline + 1;
}

bool is_line_start(std::string_view content, std::size_t offset) {
  return offset == 0 || content[offset - 1] == '\n';
}

}  // namespace

std::string hook_commands(std::string_view event) {
  const std::string_view start = shell_text(has_reference_lines(event) ? "start-with-input.sh" : "start.sh");
  return expand_placeholders(with_lines(shell_text("hook.sh"), "start", start),
                             {{"event", std::string(event)}});
}

std::string hook_block(std::string_view event, BlockKind kind) {
  return fmt::format(
      "{}{} ({})\n"
      "# Starts the changelings of this event in the background; nothing happens without the program.\n"
      "# Written by \"git changeling hooks install\", taken out by \"git changeling hooks uninstall\".\n"
      "{}{}",
      opening, event, word_of(kind), hook_commands(event), closing);
}

std::optional<FoundBlock> find_hook_block(std::string_view content) {
  std::size_t begin = content.find(opening);
  while (begin != std::string_view::npos && !is_line_start(content, begin))
    begin = content.find(opening, begin + 1);
  if (begin == std::string_view::npos) return std::nullopt;
  const auto end = content.find(closing, begin);
  if (end == std::string_view::npos) {
    throw Error(ErrorKind::Conflict, "it holds the beginning of our block, but not its end",
                fmt::format("remove the lines from \"{}…\" on by hand", opening));
  }
  const std::string_view line = content.substr(begin, content.find('\n', begin) - begin);
  FoundBlock found{begin, end + closing.size(), BlockKind::Added};
  for (const auto& [kind, word] : kind_words) {
    if (line.ends_with(fmt::format("({})", word))) found.kind = kind;
  }
  return found;
}

std::optional<std::string> interpreter_of(std::string_view content) {
  if (!content.starts_with("#!")) return std::nullopt;
  const std::string_view line = content.substr(2, content.find('\n') - 2);
  const auto begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return std::string();
  return std::string(line.substr(begin, line.find_first_of(" \t", begin) - begin));
}

bool is_shell_script(std::string_view content) {
  if (!content.starts_with("#!")) return content.find('\0') == std::string_view::npos;
  std::string line(content.substr(2, content.find('\n') - 2));
  std::replace(line.begin(), line.end(), '\t', ' ');
  for (const std::string& word : split(trim(line), ' ')) {
    const std::string name = word.substr(word.rfind('/') + 1);
    // What env(1) takes before the program.
    if (name.empty() || name == "env" || name.starts_with('-') || name.find('=') != std::string::npos)
      continue;
    static constexpr std::array shells{"sh", "bash", "dash", "ash", "ksh", "mksh", "zsh"};
    return std::find(shells.begin(), shells.end(), name) != shells.end();
  }
  return false;
}

std::string with_hook_block(std::string_view content, std::string_view event) {
  if (const auto found = find_hook_block(content)) {
    return std::string(content.substr(0, found->begin)) + hook_block(event, found->kind) +
           std::string(content.substr(found->end));
  }
  const std::size_t place = end_of_shebang(content);
  const bool joins = place > 0 && content[place - 1] != '\n';
  return std::string(content.substr(0, place)) + (joins ? "\n" : "") +
         hook_block(event, joins ? BlockKind::Joined : BlockKind::Added) + std::string(content.substr(place));
}

std::string own_hook_file(std::string_view event, std::string_view original) {
  if (original.empty()) return std::string(shebang) + hook_block(event, BlockKind::Whole);
  std::string block = hook_block(event, BlockKind::Chain);
  // Inside the block, so that all of it goes again.
  block.insert(block.size() - closing.size(),
               expand_placeholders(shell_text("chain.sh"), {{"original", std::string(original)}}));
  return std::string(shebang) + block;
}

std::string without_hook_block(std::string_view content) {
  const auto found = find_hook_block(content);
  if (!found) return std::string(content);
  std::string_view before = content.substr(0, found->begin);
  if (found->kind == BlockKind::Joined && before.ends_with('\n') && found->end == content.size())
    before.remove_suffix(1);
  return std::string(before) + std::string(content.substr(found->end));
}

std::string_view own_hook_rest() {
  return shebang;
}

}  // namespace changeling::hooks
