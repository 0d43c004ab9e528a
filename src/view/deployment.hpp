#pragma once

#include <nlohmann/json_fwd.hpp>

#include "deploy/deployments.hpp"

namespace changeling::view {

/// A deployment, as `status` has it.
nlohmann::json to_json(const deploy::DeploymentOverview& deployment);

}  // namespace changeling::view
