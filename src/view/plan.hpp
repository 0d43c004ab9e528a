#pragma once

#include <nlohmann/json_fwd.hpp>

#include "triggers/plan.hpp"

namespace changeling::view {

/// The coming runs of one changeling on one day.
nlohmann::json to_json(const triggers::PlannedRuns& planned);
/// What the runs of a day, or of all days, may come to.
nlohmann::json to_json(const triggers::PlannedSum& sum);

/// What `plan` answers but for what the machine has to say: every entry, each day with its sum, and the sum
/// of all. `planned` is in the order of the days.
nlohmann::json to_json(const std::vector<triggers::PlannedRuns>& planned, Timestamp from, Timestamp until);

}  // namespace changeling::view
