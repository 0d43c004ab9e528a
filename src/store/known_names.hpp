#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace changeling::store {

// Names for those who only want names, such as completions: from trees and commits alone, without a record or
// the index being read.

/// Changelings with a definition on the state ref, also a damaged one; sorted.
std::vector<std::string> changeling_names(const Snapshot& snapshot);

/// At most `most` runs: those that the last operations were about, newest first, then any others.
std::vector<std::string> newest_run_ids(const Snapshot& snapshot, std::size_t most);

}  // namespace changeling::store
