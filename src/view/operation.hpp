#pragma once

#include <nlohmann/json_fwd.hpp>

#include "store/history.hpp"

namespace changeling::view {

/// An operation of the state's history, as `log` has it.
nlohmann::json to_json(const store::OperationRecord& operation);

}  // namespace changeling::view
