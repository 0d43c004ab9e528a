#pragma once

#include <set>
#include <string>
#include <vector>

#include "changeling/definition.hpp"
#include "hooks/hook_files.hpp"
#include "hooks/hook_journal.hpp"
#include "project/project.hpp"

namespace changeling::project {

hooks::HookJournal hook_journal(Project& project);

/// Asks git where it looks for hooks and whether its configuration may hold them.
hooks::HookSurroundings read_hook_surroundings(Project& project);

/// Which enabled changelings each hook event starts, from the state, `.changelings.toml` of the base branch
/// and the user's own file: what counts when nobody watches. One that cannot be resolved subscribes to
/// nothing. In a bare repository only the events that can happen there.
hooks::Subscriptions read_hook_subscriptions(Project& project);

/// Brings the files up to date by which the shell in a hook sees whether to start us. For everything that may
/// have changed definitions; costs nothing where no hooks are installed, and fails nothing.
void refresh_hook_subscriptions(Project& project);

/// How things stand for the event's hook.
hooks::HookHealth inspect_hook(Project& project, const hooks::HookSurroundings& surroundings,
                               const std::string& event);

/// The hook events of the definition whose hooks would not start it yet.
std::set<std::string> hooks_to_install(Project& project, const Definition& definition);
/// What to type next while these hooks are missing; "" for none.
std::string next_for_hooks(const std::set<std::string>& events);

/// With HookLayout::Configuration: writes, and removes, `hook.git-changeling-EVENT` in the repository's own
/// configuration. Both return whether anything changed.
bool configure_hook(Project& project, const std::string& event);
bool unconfigure_hook(Project& project, const std::string& event);

}  // namespace changeling::project
