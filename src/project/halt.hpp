#pragma once

#include <optional>
#include <string>

#include "git/repository.hpp"
#include "project/places.hpp"
#include "store/store.hpp"

namespace changeling::project {

class Project;

/// The switch that keeps every run from beginning and stops those under way.
struct Halt {
  std::string reason;  ///< A sentence: who switched everything off, where and why.
  std::string undo;    ///< What to type, or to do, to switch it on again.
};

/// Looked for in this order: `changeling.disabled` in git's configuration (of the machine, the user or the
/// repository), the file `changelings/disabled` in the git folder, and the shared state, which every machine
/// obeys once it has it.
std::optional<Halt> find_halt(const git::Repository& repository, const project::Places& places,
                              const store::Snapshot& snapshot);

/// No run begins any more, and those under way stop, here at once and on every other machine after its next
/// sync. Shares the state; gives back what find_halt finds then.
std::optional<Halt> switch_off(Project& project, const std::string& reason);
/// Takes that back, and shares it. What is left is switched off on this machine only.
std::optional<Halt> switch_on(Project& project);

}  // namespace changeling::project
