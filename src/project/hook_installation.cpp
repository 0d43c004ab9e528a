#include "project/hook_installation.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <map>
#include <set>

#include "changeling/hook_events.hpp"
#include "hooks/lefthook.hpp"
#include "project/hook_subscriptions.hpp"
#include "support/error.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;
using hooks::HookHealth;
using hooks::HookJournal;
using hooks::HookLayout;
using hooks::HookPlace;
using hooks::HookState;
using hooks::HookSurroundings;

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

std::vector<HookPlace> checked_places(const HookSurroundings& surroundings,
                                      const std::vector<std::string>& events) {
  std::vector<HookPlace> places;
  for (const std::string& event : events) places.push_back(hooks::find_hook_place(surroundings, event));
  for (const HookPlace& place : places) hooks::check_hook_place(surroundings, place);
  return places;
}

FileAudience audience_of(Project& project, const HookSurroundings& surroundings, const fs::path& file) {
  const fs::path relative = file.lexically_relative(surroundings.common_directory);
  if (!surroundings.work_tree || *relative.begin() != "..") return FileAudience::NotOfTheWorkTree;
  const auto says_yes = [&](const std::vector<std::string>& arguments) {
    return project.git().run(arguments).status.success();
  };
  if (says_yes({"ls-files", "--error-unmatch", "--", file.string()})) return FileAudience::Tracked;
  return says_yes({"check-ignore", "--quiet", "--", file.string()}) ? FileAudience::Ignored
                                                                    : FileAudience::New;
}

/// In files, where git's configuration has taken over: the event would come twice.
void leave_files(const HookSurroundings& surroundings, const std::string& event) {
  for (const fs::path& file : hooks::possible_hook_files(surroundings, event)) hooks::uninstall_hook(file);
}

InstalledHook install_one(Project& project, const HookSurroundings& surroundings, const HookPlace& place) {
  InstalledHook installed{place};
  if (place.layout == HookLayout::Configuration) {
    leave_files(surroundings, place.event);
    installed.changed = configure_hook(project, place.event);
    return installed;
  }
  for (const fs::path& file : hooks::install_hook(surroundings, place))
    installed.written.push_back({file, audience_of(project, surroundings, file)});
  installed.changed = !installed.written.empty();
  return installed;
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

/// Folders that we made are in the list, too; one that holds anything stays.
void remove_empty_folders(const HookJournal& journal) {
  for (const fs::path& folder : journal.installed_files()) {
    if (fs::is_directory(folder)) ::rmdir(folder.c_str());
  }
}

/// Files with lines of ours that git does not come to any more, as after a change of core.hooksPath.
std::map<std::string, fs::path> left_behind(const HookSurroundings& surroundings,
                                            const HookJournal& journal) {
  std::map<std::string, fs::path> files;
  for (const fs::path& file : journal.installed_files()) {
    const std::string event = file.filename();
    if (is_hook_event(event) && fs::exists(file) && file.parent_path() != surroundings.hooks_folder)
      files[event] = file;
  }
  return files;
}

std::optional<HookLayout> layout_of(const HookSurroundings& surroundings, const std::string& event) {
  try {
    return hooks::find_hook_place(surroundings, event).layout;
  } catch (const Error&) {
    return std::nullopt;  // The health tells the reason.
  }
}

HookHealth out_of_reach(const HookSurroundings& surroundings, const fs::path& file) {
  return {
      HookState::Unreachable,
      fmt::format("it is in {}, but core.hooksPath leads elsewhere now; type: git changeling hooks install",
                  shown_hook_file(surroundings, file))};
}

/// What standings are judged by, gathered once.
struct Facts {
  HookSurroundings surroundings;
  HookJournal journal;
  hooks::Subscriptions subscriptions;
  std::map<std::string, fs::path> behind = {};
};

HookStanding standing_of(Project& project, const Facts& facts, const std::string& event) {
  HookStanding standing{event, inspect_hook(project, facts.surroundings, event)};
  if (const auto found = facts.subscriptions.find(event); found != facts.subscriptions.end())
    standing.changelings.assign(found->second.begin(), found->second.end());
  const auto old = facts.behind.find(event);
  if (standing.is_used() && standing.health.state == HookState::Missing && old != facts.behind.end())
    standing.health = out_of_reach(facts.surroundings, old->second);
  standing.layout = layout_of(facts.surroundings, event);
  standing.last_fired = facts.journal.last_fired(event);
  if (standing.is_used()) standing.missed = facts.journal.last_missed(event);
  return standing;
}

}  // namespace

std::vector<InstalledHook> install_hooks(Project& project, std::vector<std::string> events) {
  check_events(events);
  project.require_state();
  const HookSurroundings surroundings = read_hook_surroundings(project);
  const hooks::Subscriptions subscriptions = read_hook_subscriptions(project);
  if (events.empty()) events = events_of(subscriptions);
  if (events.empty()) return {};
  const std::vector<HookPlace> places = checked_places(surroundings, events);
  const HookJournal journal = hook_journal(project);
  std::set<fs::path> files = journal.installed_files();
  if (!fs::exists(surroundings.hooks_folder)) files.insert(surroundings.hooks_folder);
  std::vector<InstalledHook> installed;
  for (const HookPlace& place : places) {
    installed.push_back(install_one(project, surroundings, place));
    if (place.layout != HookLayout::Configuration) files.insert(place.file);
  }
  journal.write_installed_files(files);
  journal.write_subscriptions(subscriptions);
  journal.forget_missed();
  return installed;
}

RemovedHooks uninstall_hooks(Project& project) {
  const HookJournal journal = hook_journal(project);
  RemovedHooks removed;
  std::optional<Error> problem;
  for (const fs::path& file : candidate_files(read_hook_surroundings(project), journal)) {
    try {
      if (hooks::uninstall_hook(file)) removed.files.push_back(file);
    } catch (const Error& error) {
      problem = error;  // The others are cleared all the same.
    }
  }
  for (const std::string& event : hook_events()) {
    if (unconfigure_hook(project, event)) removed.configured_events.push_back(event);
  }
  if (problem) throw *problem;
  remove_empty_folders(journal);
  journal.clear();
  return removed;
}

std::vector<HookStanding> hook_standings(Project& project) {
  project.require_state();
  Facts facts{read_hook_surroundings(project), hook_journal(project), read_hook_subscriptions(project)};
  if (facts.journal.in_use()) facts.journal.write_subscriptions(facts.subscriptions);
  facts.behind = left_behind(facts.surroundings, facts.journal);
  std::vector<HookStanding> standings;
  for (const std::string& event : hook_events()) {
    HookStanding standing = standing_of(project, facts, event);
    const bool is_there =
        standing.health.state == HookState::Installed || standing.health.state == HookState::Stale;
    if (standing.is_used() || is_there) standings.push_back(std::move(standing));
  }
  return standings;
}

std::string shown_hook_file(const HookSurroundings& surroundings, const fs::path& file) {
  if (file.empty()) return "the configuration of this repository";
  const fs::path relative =
      file.lexically_relative(surroundings.work_tree.value_or(surroundings.common_directory));
  return relative.empty() || *relative.begin() == ".." ? file.string() : relative.string();
}

}  // namespace changeling::project
