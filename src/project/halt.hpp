#pragma once

#include <optional>
#include <string>

#include "git/repository.hpp"
#include "project/places.hpp"
#include "store/store.hpp"

namespace changeling::project {

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

}  // namespace changeling::project
