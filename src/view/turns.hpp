#pragma once

#include <nlohmann/json_fwd.hpp>

#include "run/claude_turns.hpp"

namespace changeling::view {

/// One turn of an agent, as the page of a run shows it.
nlohmann::json to_json(const run::Turn& turn);

}  // namespace changeling::view
