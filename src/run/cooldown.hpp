#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/run_record.hpp"
#include "support/clock.hpp"

namespace changeling::run {

/// The first pause after failures unless changeling.cooldown says otherwise.
inline constexpr Duration usual_first_pause = std::chrono::hours(1);

/// Nothing starts the changeling by itself until then, because its newest runs have failed.
struct Pause {
  Timestamp until{};
  std::size_t failures = 0;  ///< So many in a row.
};

/// Whether a finished run says that the changeling cannot do its work now. Being killed, losing the lease, or
/// an outage of the network or the forge does not say so.
bool is_failure(const store::RunRecord& run);

/// From the second failure in a row on: `first_pause` after the end of the newest, doubled with each further
/// one, a week at most. Nothing when the pause is over, or when `first_pause` is zero. `runs` newest first;
/// those of tasks do not count.
std::optional<Pause> pause_after_failures(const std::vector<store::RunRecord>& runs,
                                          const std::string& changeling, Duration first_pause, Timestamp now);

}  // namespace changeling::run
