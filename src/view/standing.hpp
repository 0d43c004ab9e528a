#pragma once

#include <nlohmann/json_fwd.hpp>

#include "project/trust.hpp"

namespace changeling::view {

/// Where the user of this machine stands to something that could run, with its text and what has changed.
nlohmann::json to_json(const project::Standing& standing);

}  // namespace changeling::view
