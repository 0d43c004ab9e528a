#pragma once

#include <optional>
#include <string>

#include "store/run_history.hpp"
#include "support/clock.hpp"

namespace changeling::run {

/// Nothing starts the changeling by itself until then, because its newest runs have failed.
struct Pause {
  Timestamp until{};
  std::size_t failures = 0;  ///< So many in a row.
};

/// From the second failure in a row on: `first_pause` after the end of the newest, doubled with each further
/// one, a week at most. Nothing when the pause is over, or when `first_pause` is zero. Runs of tasks do not
/// count.
std::optional<Pause> pause_after_failures(const store::RunHistory& runs, const std::string& changeling,
                                          Duration first_pause, Timestamp now);

}  // namespace changeling::run
