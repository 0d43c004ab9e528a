#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/needs.hpp"

namespace changeling::view {

/// As `/needs` and `report --json` have it.
nlohmann::json to_json(const report::Need& need);
/// As `/needs` answers.
nlohmann::json to_json(const report::Waiting& waiting);

}  // namespace changeling::view
