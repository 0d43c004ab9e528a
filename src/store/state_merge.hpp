#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "git/repository.hpp"

namespace changeling::store {

/// Two histories of the state brought together.
struct StateMerge {
  git::ObjectId tree;
  std::vector<std::string> warnings;  ///< What could not be kept as it was, a sentence each.
};

/// Merges trees of the state: what changed from `base` to `ours` is put on top of `published`, record by
/// record (merge_record). The cost follows what changed on our side. No base: everything in `ours` counts as
/// new.
///
/// What only the whole shows is repaired, always at the expense of our side: tasks that would wait for each
/// other in a circle or for one that is gone, and pull requests of the local forge that have the same number.
StateMerge merge_states(git::Repository& repository, const std::optional<git::ObjectId>& base,
                        const git::ObjectId& ours, const git::ObjectId& published);

}  // namespace changeling::store
