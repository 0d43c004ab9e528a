#pragma once

#include <nlohmann/json_fwd.hpp>

#include "project/damage_report.hpp"

namespace changeling::view {

/// `damaged` of a listing: [{path, reason}].
nlohmann::json to_json(const project::DamageReport& damage);

}  // namespace changeling::view
