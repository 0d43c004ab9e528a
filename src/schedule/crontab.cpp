#include "schedule/crontab.hpp"

#include <fmt/format.h>

#include "support/error.hpp"

namespace changeling::schedule {
namespace {

constexpr std::string_view begin_marker = "# >>> git-changeling schedule >>>";
constexpr std::string_view end_marker = "# <<< git-changeling schedule <<<";
// What the begin marker remembers, so that removing the block leaves what was there.
constexpr std::string_view made_note = " (made this crontab)";
constexpr std::string_view completed_note = " (completed the line above)";

[[noreturn]] void refuse(std::size_t line_number, std::string_view problem) {
  throw Error(ErrorKind::Conflict, fmt::format("line {} of your crontab: {}", line_number, problem),
              fmt::format("repair it by hand: crontab -e; ours is what \"{}\" and \"{}\" enclose",
                          begin_marker, end_marker));
}

}  // namespace

std::string crontab_line(std::string_view script) {
  // cron takes a backslash away before a percent sign and before another backslash, and leaves all others.
  std::string escaped;
  for (std::size_t place = 0; place < script.size(); ++place) {
    const std::string_view next = script.substr(place + 1, 1);
    if (script[place] == '%' || (script[place] == '\\' && (next == "%" || next == "\\"))) escaped += '\\';
    escaped += script[place];
  }
  return fmt::format("* * * * * [ -r {0} ] && exec /bin/sh {0}", escaped);
}

std::optional<CrontabBlock> find_crontab_block(std::string_view crontab) {
  std::optional<CrontabBlock> block;
  bool inside = false;
  std::size_t number = 0;
  for (std::size_t start = 0; start < crontab.size();) {
    const auto newline = crontab.find('\n', start);
    const std::size_t end = newline == std::string_view::npos ? crontab.size() : newline + 1;
    std::string_view line = crontab.substr(start, end - start);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    ++number;
    if (line.starts_with(begin_marker)) {
      if (block) refuse(number, "a second block of git-changeling begins here");
      block.emplace();
      block->begin = start;
      block->made_the_crontab = line.find(made_note) != std::string_view::npos;
      block->completed_a_line = line.find(completed_note) != std::string_view::npos;
      inside = true;
    } else if (line.starts_with(end_marker)) {
      if (!inside) refuse(number, "a block of git-changeling ends here that does not begin");
      block->end = end;
      inside = false;
    } else if (inside) {
      // Older forms have had other words around it, but always the program's name.
      if (!block->line.empty() || line.find("git-changeling") == std::string_view::npos) {
        refuse(number, "it is not git-changeling's, but inside its block");
      }
      block->line = line;
    }
    start = end;
  }
  if (inside) refuse(number, "the block of git-changeling does not end");
  return block;
}

std::string with_crontab_block(const std::optional<std::string>& crontab, const std::string& line) {
  const std::string text = crontab.value_or("");
  const auto existing = find_crontab_block(text);
  const bool made = existing ? existing->made_the_crontab : !crontab;
  const bool completed = existing ? existing->completed_a_line : !text.empty() && !text.ends_with('\n');
  const std::string block = fmt::format("{}{}{}\n{}\n{}\n", begin_marker, made ? made_note : "",
                                        completed ? completed_note : "", line, end_marker);
  if (existing) return text.substr(0, existing->begin) + block + text.substr(existing->end);
  return text + (completed ? "\n" : "") + block;
}

std::optional<std::string> without_crontab_block(std::string_view crontab) {
  const auto block = find_crontab_block(crontab);
  if (!block) return std::string(crontab);
  std::string before(crontab.substr(0, block->begin));
  const std::string_view after = crontab.substr(block->end);
  // A line that others have added below needs the newline that we have put there.
  if (block->completed_a_line && after.empty() && before.ends_with('\n')) before.pop_back();
  if (block->made_the_crontab && before.empty() && after.empty()) return std::nullopt;
  return before.append(after);
}

}  // namespace changeling::schedule
