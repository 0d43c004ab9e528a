#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "triggers/tick.hpp"

namespace changeling::view {

/// What `tick` answers: what is due, held back, waiting, over all repositories.
nlohmann::json to_json(const std::vector<triggers::RepositoryTick>& ticks, Timestamp now);

}  // namespace changeling::view
