#pragma once

#include <nlohmann/json_fwd.hpp>

#include "project/project.hpp"

namespace changeling::view {

/// The machines that runs and leases name, by name: when each was heard of last and what it does, as far as
/// the state tells. This one is always among them. Looks at the newest thousand runs.
nlohmann::json machines_json(project::Project& project);

}  // namespace changeling::view
