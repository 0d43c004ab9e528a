#pragma once

#include <string>
#include <vector>

#include "deploy/deployments.hpp"
#include "support/terminal.hpp"

namespace changeling::cli {

/// A line each; empty without any.
std::string deployments_text(const std::vector<deploy::DeploymentOverview>& deployments,
                             const Terminal& terminal, Timestamp now);

}  // namespace changeling::cli
