#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace changeling::store {

// Names for those who only want names, such as completions: from trees, commits and a few records, with the
// index closed.

/// Changelings with a definition on the state ref, also a damaged one; sorted.
std::vector<std::string> changeling_names(const Snapshot& snapshot);

/// At most `most` runs: those that the last operations were about, newest first, then any others.
std::vector<std::string> newest_run_ids(const Snapshot& snapshot, std::size_t most);

/// Numbers of the newest pull requests of the local forge that are open, at most `most`, newest first. Only
/// the newest records are looked at; what cannot be read is left out.
std::vector<std::int64_t> newest_open_requests(const Snapshot& snapshot, std::size_t most);

}  // namespace changeling::store
