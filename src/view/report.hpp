#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/report.hpp"

namespace changeling::view {

/// As `report --since` and the API have it.
nlohmann::json to_json(project::Project& project, const report::Report& report);

}  // namespace changeling::view
