#pragma once

#include <nlohmann/json_fwd.hpp>

#include "triggers/overview.hpp"

namespace changeling::view {

/// One changeling, as `list` and `status` have it.
nlohmann::json to_json(const triggers::ChangelingOverview& overview);

}  // namespace changeling::view
