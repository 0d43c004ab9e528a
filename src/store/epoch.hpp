#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "git/object_id.hpp"
#include "store/store.hpp"

namespace changeling::store {

/// Says that the history was begun anew with the same records, see compact. Lies at `epoch` on the state ref;
/// a state without the file is in epoch 0.
struct Epoch {
  std::int64_t number = 0;
  std::string previous_tip;  ///< Commit at which the epoch before ended; empty in epoch 0.
  std::string archive;       ///< Reference that keeps the history before, or empty.
};

/// Throws Error(Invalid) when the record is damaged.
Epoch read_epoch(const Snapshot& snapshot);
void write_epoch(Change& change, const Epoch& epoch);

}  // namespace changeling::store
