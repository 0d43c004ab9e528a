#pragma once

#include <string>
#include <vector>

#include "project/project.hpp"

namespace changeling::triggers {

/// What git tells a hook.
struct HookCall {
  std::string event;                   ///< "post-merge"; one of hook_events().
  std::vector<std::string> arguments;  ///< Those of the hook.
  std::string input;                   ///< The lines on its standard input, where the event has some.
};

/// What came of an event.
struct HookOutcome {
  std::string ignored;               ///< Why nothing was looked at; or empty.
  std::vector<std::string> started;  ///< Names of changelings.
};

/// Starts the enabled changelings that name the event, once for several events in quick succession: the first
/// call waits until none has come for changeling.hookDelay, the others only leave a note. Shares the state
/// before. What it did, and what went wrong, is in the log of hooks.
HookOutcome handle_hook(project::Project& project, const HookCall& call);

/// Whether a run of ours caused the event: agents carry a mark in their environment, and work in a worktree
/// of ours.
bool is_caused_by_a_run(project::Project& project);

/// The environment of the person, without what git has set for this hook: where its repository and index are,
/// `git -c`, and whose commit it is working on.
Environment environment_of_person(const Environment& given);

}  // namespace changeling::triggers
