#pragma once

#include <nlohmann/json_fwd.hpp>

#include "project/project.hpp"

namespace changeling::view {

/// The machine that asks: load, the disk of the work trees, and versions.
nlohmann::json machine_json(project::Project& project);

}  // namespace changeling::view
