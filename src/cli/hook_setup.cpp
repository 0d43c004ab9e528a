#include "cli/hook_setup.hpp"

#include <fmt/format.h>

#include "changeling/hook_events.hpp"
#include "cli/definitions.hpp"
#include "hooks/hook_block.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
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

bool is_configured(Context& context, const std::string& event) {
  const git::Repository& repository = context.repository();
  return repository.config(section_of(event) + ".command") == configured_command(event) &&
         repository.config(section_of(event) + ".event") == event;
}

bool can_happen(Context& context, const std::string& event) {
  return !context.repository().is_bare() || event == "post-receive" || event == "post-update";
}

}  // namespace

hooks::HookJournal hook_journal(Context& context) {
  return hooks::HookJournal(context.places().local_folder());
}

hooks::HookSurroundings read_hook_surroundings(Context& context) {
  const git::Repository& repository = context.repository();
  hooks::HookSurroundings surroundings;
  surroundings.common_directory = repository.common_directory();
  surroundings.work_tree = repository.work_tree();
  surroundings.hooks_folder =
      context.git().check({"rev-parse", "--path-format=absolute", "--git-path", "hooks"});
  surroundings.git_reads_configuration = hooks::reads_hook_configuration(context.git().check({"version"}));
  return surroundings;
}

hooks::Subscriptions read_hook_subscriptions(Context& context) {
  hooks::Subscriptions subscriptions;
  const DefinitionSet set = DefinitionSet::load(context, FileReading::BaseBranch);
  for (const std::string& name : set.names()) {
    try {
      const Definition definition = set.resolve(name).definition;
      if (!definition.enabled) continue;
      for (const std::string& event : definition.triggers) {
        if (is_hook_event(event) && can_happen(context, event)) subscriptions[event].insert(name);
      }
    } catch (const Error&) {
      continue;  // `list` and `run` say what is wrong with it.
    }
  }
  return subscriptions;
}

void refresh_hook_subscriptions(Context& context) {
  const hooks::HookJournal journal = hook_journal(context);
  if (!journal.in_use()) return;
  try {
    journal.write_subscriptions(read_hook_subscriptions(context));
  } catch (const Error& error) {
    context.message(fmt::format("hooks do not know about this yet: {}", error.what()));
  }
}

hooks::HookHealth inspect_hook(Context& context, const hooks::HookSurroundings& surroundings,
                               const std::string& event) {
  try {
    const hooks::HookPlace place = hooks::find_hook_place(surroundings, event);
    if (place.layout != HookLayout::Configuration) return hooks::inspect_hook(surroundings, place);
    if (is_configured(context, event)) return {HookState::Installed, ""};
    const bool other = context.repository().config(section_of(event) + ".command").has_value();
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

std::set<std::string> hooks_to_install(Context& context, const Definition& definition) {
  std::set<std::string> events;
  std::optional<hooks::HookSurroundings> surroundings;
  for (const std::string& event : definition.triggers) {
    if (!definition.enabled || !is_hook_event(event) || !can_happen(context, event)) continue;
    if (!surroundings) surroundings = read_hook_surroundings(context);
    if (inspect_hook(context, *surroundings, event).state != HookState::Installed) events.insert(event);
  }
  return events;
}

bool configure_hook(Context& context, const std::string& event) {
  if (is_configured(context, event)) return false;
  context.git().check({"config", "--local", section_of(event) + ".event", event});
  context.git().check({"config", "--local", section_of(event) + ".command", configured_command(event)});
  return true;
}

bool unconfigure_hook(Context& context, const std::string& event) {
  // Whether the section is there is for the repository's own file to say; git ends with an error if not.
  return context.git().run({"config", "--local", "--remove-section", section_of(event)}).status.success();
}

}  // namespace changeling::cli
