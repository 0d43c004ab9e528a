#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/repository.hpp"

namespace changeling::git {

/// Whether a plain fetch with this refspec writes onto `reference` itself.
bool writes_onto(const std::string& refspec, const std::string& reference);

/// The remote whose plain `git fetch` puts what it has in the place of `reference`, or removes it with
/// `--prune` when it has none, as in a mirror: `+refs/heads/*:refs/heads/*`. Nothing in other clones.
std::optional<std::string> remote_that_overwrites(const Repository& repository, const std::string& reference);

}  // namespace changeling::git
