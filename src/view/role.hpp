#pragma once

#include <nlohmann/json_fwd.hpp>

#include "project/roles.hpp"

namespace changeling::view {

/// name, agent, prompt, run, interactive, accept, agents, skills, source, and the derived label.
nlohmann::json to_json(const project::ResolvedRole& resolved);

}  // namespace changeling::view
