#include "project/hook_subscriptions.hpp"

#include <fmt/format.h>

#include "changeling/hook_events.hpp"
#include "hooks/hook_block.hpp"
#include "project/definitions.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;
using hooks::HookLayout;
using hooks::HookState;

std::string section_of(const std::string& event) {
  return "hook.git-changeling-" + event;
}

/// git puts the hook's arguments behind the command line.
std::string configured_command(const std::string& event) {
  return fmt::format("changeling_hook() {{\n{}}}\nchangeling_hook", hooks::hook_commands(event));
}

bool is_configured(Project& project, const std::string& event) {
  const git::Repository& repository = project.repository();
  return repository.config(section_of(event) + ".command") == configured_command(event) &&
         repository.config(section_of(event) + ".event") == event;
}

bool can_happen(Project& project, const std::string& event) {
  return !project.repository().is_bare() || event == "post-receive" || event == "post-update";
}

}  // namespace

hooks::HookJournal hook_journal(Project& project) {
  return hooks::HookJournal(project.places().local_folder());
}

hooks::HookSurroundings read_hook_surroundings(Project& project) {
  const git::Repository& repository = project.repository();
  hooks::HookSurroundings surroundings;
  surroundings.common_directory = repository.common_directory();
  surroundings.work_tree = repository.work_tree();
  surroundings.hooks_folder =
      project.git().check({"rev-parse", "--path-format=absolute", "--git-path", "hooks"});
  surroundings.git_reads_configuration = hooks::reads_hook_configuration(project.git().check({"version"}));
  return surroundings;
}

hooks::Subscriptions read_hook_subscriptions(Project& project) {
  hooks::Subscriptions subscriptions;
  const DefinitionSet set = DefinitionSet::load(project, FileReading::BaseBranch);
  for (const std::string& name : set.names()) {
    try {
      const Definition definition = set.resolve(name).definition;
      if (!definition.enabled) continue;
      for (const std::string& event : definition.triggers) {
        if (is_hook_event(event) && can_happen(project, event)) subscriptions[event].insert(name);
      }
    } catch (const Error&) {
      continue;  // `list` and `run` say what is wrong with it.
    }
  }
  return subscriptions;
}

void refresh_hook_subscriptions(Project& project) {
  const hooks::HookJournal journal = hook_journal(project);
  if (!journal.in_use()) return;
  try {
    journal.write_subscriptions(read_hook_subscriptions(project));
  } catch (const Error& error) {
    project.message(fmt::format("hooks do not know about this yet: {}", error.what()));
  }
}

hooks::HookHealth inspect_hook(Project& project, const hooks::HookSurroundings& surroundings,
                               const std::string& event) {
  try {
    const hooks::HookPlace place = hooks::find_hook_place(surroundings, event);
    if (place.layout != HookLayout::Configuration) return hooks::inspect_hook(surroundings, place);
    if (is_configured(project, event)) return {HookState::Installed, ""};
    const bool other = project.repository().config(section_of(event) + ".command").has_value();
    return {other ? HookState::Stale : HookState::Missing, "type: git changeling hooks install"};
  } catch (const Error& error) {
    return {HookState::Unreachable, error.what()};
  }
}

std::string next_for_hooks(const std::set<std::string>& events) {
  if (events.empty()) return "";
  return fmt::format("next: git changeling hooks install  (git does not tell us of {} yet)",
                     join({events.begin(), events.end()}, ", "));
}

std::set<std::string> hooks_to_install(Project& project, const Definition& definition) {
  std::set<std::string> events;
  std::optional<hooks::HookSurroundings> surroundings;
  for (const std::string& event : definition.triggers) {
    if (!definition.enabled || !is_hook_event(event) || !can_happen(project, event)) continue;
    if (!surroundings) surroundings = read_hook_surroundings(project);
    if (inspect_hook(project, *surroundings, event).state != HookState::Installed) events.insert(event);
  }
  return events;
}

bool configure_hook(Project& project, const std::string& event) {
  if (is_configured(project, event)) return false;
  project.git().check({"config", "--local", section_of(event) + ".event", event});
  project.git().check({"config", "--local", section_of(event) + ".command", configured_command(event)});
  return true;
}

bool unconfigure_hook(Project& project, const std::string& event) {
  // Whether the section is there is for the repository's own file to say; git ends with an error if not.
  return project.git().run({"config", "--local", "--remove-section", section_of(event)}).status.success();
}

}  // namespace changeling::project
