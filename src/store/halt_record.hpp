#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/store.hpp"
#include "support/clock.hpp"

namespace changeling::store {

inline constexpr std::string_view halt_path = "halt.json";

/// Everything is switched off, on every machine that has this state. Lies at halt.json.
struct HaltRecord {
  Timestamp since{};
  std::string by;      ///< "Name <email>".
  std::string reason;  ///< In the words of who did it; may be empty.
};

/// Nothing when nothing is switched off. A record that cannot be read counts as one without details: what
/// stops everything must not be lost by being damaged.
std::optional<HaltRecord> read_halt(const Snapshot& snapshot);
void write_halt(Change& change, const HaltRecord& halt);
void remove_halt(Change& change);

}  // namespace changeling::store
