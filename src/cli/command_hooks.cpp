#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/hook_installation.hpp"
#include "project/hook_subscriptions.hpp"
#include "support/text.hpp"
#include "view/hooks.hpp"

namespace changeling::cli {
namespace {

using hooks::HookLayout;
using hooks::HookState;
using hooks::HookSurroundings;
using project::HookStanding;

constexpr std::size_t shown_log_lines = 5;

void say_what_others_see(Context& context, const project::WrittenHookFile& written,
                         const std::string& shown) {
  if (written.audience == project::FileAudience::Tracked) {
    context.message(
        fmt::format("{} is tracked by git: commit the change, or it is lost with the next "
                    "checkout. It does nothing for people without this program.",
                    shown));
  } else if (written.audience == project::FileAudience::New) {
    context.message(fmt::format(
        "{} is new in your work tree: commit it, or keep it to yourself with .git/info/exclude.", shown));
  }
}

Answer install(Context& context, const std::vector<std::string>& events) {
  const auto installed = project::install_hooks(context, events);
  Answer answer{view::to_json(installed), ""};
  if (installed.empty()) {
    answer.next =
        "no enabled changeling is started by a git hook; choose one: git changeling update NAME --on "
        "post-merge";
    return answer;
  }
  const HookSurroundings surroundings = project::read_hook_surroundings(context);
  for (const project::InstalledHook& hook : installed) {
    for (const auto& written : hook.written)
      say_what_others_see(context, written, project::shown_hook_file(surroundings, written.file));
    answer.text +=
        fmt::format("{} {} ({}: {})\n", hook.changed ? "Installed" : "Already installed", hook.place.event,
                    to_string(hook.place.layout), project::shown_hook_file(surroundings, hook.place.file));
    if (hook.changed && hook.place.layout == HookLayout::Lefthook) answer.next = "next: lefthook install";
  }
  return answer;
}

Answer uninstall(Context& context) {
  const HookSurroundings surroundings = project::read_hook_surroundings(context);
  const project::RemovedHooks removed = project::uninstall_hooks(context);
  Answer answer{view::to_json(removed), ""};
  for (const auto& file : removed.files)
    answer.text += fmt::format("Removed our lines from {}\n", project::shown_hook_file(surroundings, file));
  for (const std::string& event : removed.configured_events)
    answer.text += fmt::format("Removed {} from the configuration of this repository\n", event);
  if (answer.text.empty()) answer.text = "No hooks of ours are installed here\n";
  return answer;
}

/// That the hook has not found this program, the last time or at some time since `hooks install`.
std::string sentence_of(const HookStanding& standing, Timestamp now) {
  return fmt::format(
      "{} {} git-changeling was not on the PATH that git gave the hook ({}), as graphical clients do; {}",
      standing.missed_last() ? "the last time," : "once,", describe_relative(standing.missed->at, now),
      standing.missed->path,
      "link it into one of these folders, or extend the PATH that the client is started with");
}

std::vector<std::string> reasons_of(const HookStanding& standing, Timestamp now) {
  std::vector<std::string> reasons;
  if (standing.is_used() && standing.health.state != HookState::Installed)
    reasons.push_back(fmt::format("{}: {}", standing.event, standing.health.reason));
  if (standing.missed) reasons.push_back(fmt::format("{}: {}", standing.event, sentence_of(standing, now)));
  return reasons;
}

std::vector<TableCell> row_of(const HookStanding& standing, Timestamp now) {
  const bool is_well = standing.health.state == HookState::Installed;
  return {{standing.event},
          {std::string(to_string(standing.health.state)), is_well ? Style::Green : Style::Red},
          {standing.layout ? std::string(to_string(*standing.layout)) : "-"},
          {standing.last_fired ? describe_relative(*standing.last_fired, now) : "never"},
          {standing.is_used() ? join(standing.changelings, ", ") : "-"}};
}

std::string table_of(const std::vector<HookStanding>& standings, Context& context) {
  std::vector<std::vector<TableCell>> rows{{{"EVENT", Style::Bold},
                                            {"STATE", Style::Bold},
                                            {"BY", Style::Bold},
                                            {"LAST", Style::Bold},
                                            {"STARTS", Style::Bold}}};
  for (const HookStanding& standing : standings) rows.push_back(row_of(standing, context.clock().now()));
  const Terminal& terminal = context.terminal();
  return format_table(std::move(rows),
                      terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                      terminal.color);
}

Answer status(Context& context) {
  const std::vector<HookStanding> standings = project::hook_standings(context);
  const hooks::HookJournal journal = project::hook_journal(context);
  const auto lines = journal.last_log_lines(shown_log_lines);
  Answer answer{view::to_json(standings, lines), ""};
  if (standings.empty()) {
    answer.text = "No enabled changeling is started by a git hook\n";
    return answer;
  }
  std::vector<std::string> reasons;
  for (const HookStanding& standing : standings) {
    if (standing.is_in_need()) answer.exit_code = 1;
    for (std::string& reason : reasons_of(standing, context.clock().now()))
      reasons.push_back(std::move(reason));
  }
  answer.text = table_of(standings, context);
  if (!reasons.empty()) answer.text += "\n" + join(reasons, "\n") + "\n";
  if (!lines.empty()) answer.text += fmt::format("\nLast lines of {}:\n", journal.log_file().string());
  for (const std::string& line : lines) answer.text += "  " + line + "\n";
  return answer;
}

}  // namespace

CommandSpec hooks_install_command() {
  return {"hooks install", "Let git hooks start changelings",
          "Puts a few lines of shell into the hooks that enabled changelings name (--on), or into those "
          "given here. What is there already goes on working, whatever language it is written in; "
          "git changeling hooks uninstall restores every file.\n\n"
          "Where husky, lefthook or pre-commit make the hooks, the lines go where these leave them alone. "
          "From git 2.54 on they go into the repository's configuration instead of files.",
          [](Syntax& syntax) -> Action {
            auto events = std::make_shared<std::vector<std::string>>();
            syntax.words("events", *events, "Hooks such as post-merge (default: those that are used)")
                .value_name("EVENT");
            return [events](Context& context) { return install(context, *events); };
          }};
}

CommandSpec hooks_uninstall_command() {
  return {"hooks uninstall", "Take our lines out of all git hooks",
          "Every file is as it was before, byte by byte and with its mode.",
          [](Syntax&) -> Action { return uninstall; }, Needs::Nothing};
}

CommandSpec hooks_status_command() {
  return {"hooks status", "Show which git hooks start changelings, and whether they can",
          "Ends with 1 when a hook that a changeling needs is missing, of another version, out of git's "
          "reach, or has not found this program the last time.",
          [](Syntax&) -> Action { return status; }};
}

}  // namespace changeling::cli
