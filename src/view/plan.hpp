#pragma once

#include <nlohmann/json_fwd.hpp>

#include "triggers/plan.hpp"

namespace changeling::view {

/// The coming runs of one changeling on one day.
nlohmann::json to_json(const triggers::PlannedRuns& planned);
/// What the runs of a day, or of all days, may come to.
nlohmann::json to_json(const triggers::PlannedSum& sum);

}  // namespace changeling::view
