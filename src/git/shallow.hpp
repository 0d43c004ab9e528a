#pragma once

#include "git/repository.hpp"

namespace changeling::git {

/// Whether history ends at a boundary, as after `git clone --depth`. Commits at the boundary count as first
/// ones wherever commits are compared or merged. Asked anew each time: a fetch may have brought the rest.
bool is_shallow(const Repository& repository);

}  // namespace changeling::git
