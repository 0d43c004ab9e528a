#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace changeling::store {

// A state that begins a new epoch (epoch.hpp) has no history in common with ours and replaces it, and whoever
// may push the state can write one.

/// Of a state whose record of its epoch may have been written by anybody: one that cannot be read begins
/// nothing.
std::int64_t epoch_number(const Snapshot& snapshot);

/// Where the end of an epoch stays when this clone follows another clone into the next one.
std::string kept_epoch_reference(std::int64_t number);

/// Throws Error(Unavailable) when the published epoch is more than one ahead of ours, unless it is the
/// `accepted` one (changeling.followEpoch): a person decides, and until then nothing of it counts here.
void check_epoch(std::int64_t ours, std::int64_t published, std::optional<std::int64_t> accepted);

/// Keeps our tip on a reference and says what is in our state and neither in the published one nor in its
/// archives. To be called before the state is replaced.
std::vector<std::string> leave_epoch(git::Repository& repository, const Snapshot& ours,
                                     const Snapshot& published);

}  // namespace changeling::store
