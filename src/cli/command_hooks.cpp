#include <fmt/format.h>
#include <unistd.h>

#include <map>

#include "changeling/hook_events.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "hooks/lefthook.hpp"
#include "project/hook_subscriptions.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

namespace fs = std::filesystem;
using hooks::HookHealth;
using hooks::HookJournal;
using hooks::HookLayout;
using hooks::HookPlace;
using hooks::HookState;
using hooks::HookSurroundings;

constexpr std::size_t shown_log_lines = 5;

/// As the user would write it from the top of the work tree.
std::string shown_path(const HookSurroundings& surroundings, const fs::path& file) {
  if (file.empty()) return "the configuration of this repository";
  const fs::path relative =
      file.lexically_relative(surroundings.work_tree.value_or(surroundings.common_directory));
  return relative.empty() || *relative.begin() == ".." ? file.string() : relative.string();
}

bool is_tracked(Context& context, const fs::path& file) {
  return context.git().run({"ls-files", "--error-unmatch", "--", file.string()}).status.success();
}

bool is_ignored(Context& context, const fs::path& file) {
  return context.git().run({"check-ignore", "--quiet", "--", file.string()}).status.success();
}

void say_what_others_see(Context& context, const HookSurroundings& surroundings, const fs::path& file) {
  const fs::path relative = file.lexically_relative(surroundings.common_directory);
  if (!surroundings.work_tree || *relative.begin() != "..") return;  // Not among the files of the user.
  const std::string shown = shown_path(surroundings, file);
  if (is_tracked(context, file)) {
    context.message(
        fmt::format("{} is tracked by git: commit the change, or it is lost with the next "
                    "checkout. It does nothing for people without this program.",
                    shown));
  } else if (!is_ignored(context, file)) {
    context.message(fmt::format(
        "{} is new in your work tree: commit it, or keep it to yourself with .git/info/exclude.", shown));
  }
}

void check_events(const std::vector<std::string>& events) {
  for (const std::string& event : events) {
    if (!is_hook_event(event))
      throw Error(ErrorKind::Usage, fmt::format("'{}' starts no changelings", event), hook_event_hint(event));
  }
}

std::vector<std::string> events_of(const hooks::Subscriptions& subscriptions) {
  std::vector<std::string> events;
  for (const auto& [event, names] : subscriptions) events.push_back(event);
  return events;
}

/// Lines of ours in files, where git's configuration has taken over: the event would come twice.
void leave_files(const HookSurroundings& surroundings, const std::string& event) {
  for (const fs::path& file : hooks::possible_hook_files(surroundings, event)) hooks::uninstall_hook(file);
}

Answer install(Context& context, std::vector<std::string> events) {
  check_events(events);
  context.require_state();
  const HookSurroundings surroundings = project::read_hook_surroundings(context);
  const hooks::Subscriptions subscriptions = project::read_hook_subscriptions(context);
  if (events.empty()) events = events_of(subscriptions);
  if (events.empty()) {
    return {{{"installed", Json::array()}},
            "",
            0,
            "no enabled changeling is started by a git hook; choose one: git changeling update NAME --on "
            "post-merge"};
  }
  // Everything is looked at before anything is written.
  std::vector<HookPlace> places;
  for (const std::string& event : events) places.push_back(hooks::find_hook_place(surroundings, event));
  for (const HookPlace& place : places) hooks::check_hook_place(surroundings, place);

  const HookJournal journal = project::hook_journal(context);
  std::set<fs::path> files = journal.installed_files();
  if (!fs::exists(surroundings.hooks_folder)) files.insert(surroundings.hooks_folder);
  Answer answer;
  answer.json = {{"installed", Json::array()}};
  bool lefthook = false;
  for (const HookPlace& place : places) {
    bool changed = false;
    if (place.layout == HookLayout::Configuration) {
      leave_files(surroundings, place.event);
      changed = project::configure_hook(context, place.event);
    } else {
      for (const fs::path& file : hooks::install_hook(surroundings, place)) {
        changed = true;
        say_what_others_see(context, surroundings, file);
      }
      files.insert(place.file);
    }
    lefthook |= changed && place.layout == HookLayout::Lefthook;
    answer.json["installed"].push_back(
        {{"event", place.event},
         {"layout", to_string(place.layout)},
         {"file", place.file.empty() ? Json(nullptr) : Json(place.file.string())},
         {"changed", changed}});
    answer.text += fmt::format("{} {} ({}: {})\n", changed ? "Installed" : "Already installed", place.event,
                               to_string(place.layout), shown_path(surroundings, place.file));
  }
  journal.write_installed_files(files);
  journal.write_subscriptions(subscriptions);
  journal.forget_missed();
  if (lefthook) answer.next = "next: lefthook install";
  return answer;
}

/// Every file that may hold lines of ours.
std::set<fs::path> candidate_files(const HookSurroundings& surroundings, const HookJournal& journal) {
  std::set<fs::path> files = journal.installed_files();
  for (const std::string& event : hook_events()) {
    for (const fs::path& file : hooks::possible_hook_files(surroundings, event)) files.insert(file);
  }
  if (surroundings.work_tree) files.insert(hooks::lefthook_local_file(*surroundings.work_tree));
  return files;
}

Answer uninstall(Context& context) {
  const HookSurroundings surroundings = project::read_hook_surroundings(context);
  const HookJournal journal = project::hook_journal(context);
  const std::set<fs::path> files = candidate_files(surroundings, journal);
  Answer answer;
  answer.json = {{"removed", Json::array()}};
  std::optional<Error> problem;
  for (const fs::path& file : files) {
    try {
      if (!hooks::uninstall_hook(file)) continue;
      answer.json["removed"].push_back(file.string());
      answer.text += fmt::format("Removed our lines from {}\n", shown_path(surroundings, file));
    } catch (const Error& error) {
      problem = error;  // The others are cleared all the same.
    }
  }
  for (const std::string& event : hook_events()) {
    if (!project::unconfigure_hook(context, event)) continue;
    answer.json["removed"].push_back("hook.git-changeling-" + event);
    answer.text += fmt::format("Removed {} from the configuration of this repository\n", event);
  }
  if (problem) throw *problem;
  // Folders that we made are in the list, too; one that holds anything stays.
  for (const fs::path& folder : journal.installed_files()) {
    if (fs::is_directory(folder)) ::rmdir(folder.c_str());
  }
  journal.clear();
  if (answer.text.empty()) answer.text = "No hooks of ours are installed here\n";
  return answer;
}

/// Files with lines of ours that git does not come to any more, as after a change of core.hooksPath.
std::map<std::string, fs::path> left_behind(const HookSurroundings& surroundings, const HookJournal& journal,
                                            const std::vector<std::string>& events) {
  std::map<std::string, fs::path> files;
  for (const fs::path& file : journal.installed_files()) {
    for (const std::string& event : events) {
      if (file.filename() == event && fs::exists(file) && file.parent_path() != surroundings.hooks_folder)
        files[event] = file;
    }
  }
  return files;
}

/// That the hook has not found this program, the last time or at some time since `hooks install`.
std::string sentence_of(const HookJournal::Missed& missed, bool is_last, Timestamp now) {
  return fmt::format(
      "{} {} git-changeling was not on the PATH that git gave the hook ({}), as graphical clients do; {}",
      is_last ? "the last time," : "once,", describe_relative(missed.at, now), missed.path,
      "link it into one of these folders, or extend the PATH that the client is started with");
}

Style style_of(HookState state) {
  return state == HookState::Installed ? Style::Green : Style::Red;
}

Answer status(Context& context) {
  context.require_state();
  const HookSurroundings surroundings = project::read_hook_surroundings(context);
  const HookJournal journal = project::hook_journal(context);
  const hooks::Subscriptions subscriptions = project::read_hook_subscriptions(context);
  if (journal.in_use()) journal.write_subscriptions(subscriptions);
  const auto behind = left_behind(surroundings, journal, hook_events());
  Answer answer;
  answer.json = {{"events", Json::array()}, {"log", journal.last_log_lines(shown_log_lines)}};
  std::vector<std::vector<TableCell>> rows{{{"EVENT", Style::Bold},
                                            {"STATE", Style::Bold},
                                            {"BY", Style::Bold},
                                            {"LAST", Style::Bold},
                                            {"STARTS", Style::Bold}}};
  std::vector<std::string> reasons;
  for (const std::string& event : hook_events()) {
    HookHealth health = project::inspect_hook(context, surroundings, event);
    const auto found = subscriptions.find(event);
    const bool used = found != subscriptions.end();
    if (!used && health.state != HookState::Installed && health.state != HookState::Stale) continue;
    if (const auto old = behind.find(event);
        used && health.state == HookState::Missing && old != behind.end()) {
      health = {HookState::Unreachable,
                fmt::format("it is in {}, but core.hooksPath leads elsewhere now; type: git changeling hooks "
                            "install",
                            shown_path(surroundings, old->second))};
    }
    if (used && health.state != HookState::Installed) {
      answer.exit_code = 1;
      reasons.push_back(fmt::format("{}: {}", event, health.reason));
    }
    const auto last = journal.last_fired(event);
    const auto missed = used ? journal.last_missed(event) : std::nullopt;
    const bool missed_last = missed && (!last || missed->at >= *last);
    if (missed) {
      reasons.push_back(
          fmt::format("{}: {}", event, sentence_of(*missed, missed_last, context.clock().now())));
    }
    if (missed_last) answer.exit_code = 1;
    std::string layout = "-";
    try {
      layout = to_string(hooks::find_hook_place(surroundings, event).layout);
    } catch (const Error&) {
      // The reason is told already.
    }
    const std::vector<std::string> names =
        used ? std::vector<std::string>(found->second.begin(), found->second.end())
             : std::vector<std::string>();
    answer.json["events"].push_back(
        {{"event", event},
         {"state", to_string(health.state)},
         {"layout", layout},
         {"reason", health.reason},
         {"last_fired", json_or_null(last)},
         {"last_missed", missed ? Json(format_timestamp(missed->at)) : Json(nullptr)},
         {"changelings", names}});
    rows.push_back({{event},
                    {std::string(to_string(health.state)), style_of(health.state)},
                    {layout},
                    {last ? describe_relative(*last, context.clock().now()) : "never"},
                    {names.empty() ? "-" : join(names, ", ")}});
  }
  if (rows.size() == 1) {
    answer.text = "No enabled changeling is started by a git hook\n";
    return answer;
  }
  const Terminal& terminal = context.terminal();
  answer.text = format_table(std::move(rows),
                             terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                             terminal.color);
  if (!reasons.empty()) answer.text += "\n" + join(reasons, "\n") + "\n";
  const auto lines = journal.last_log_lines(shown_log_lines);
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
