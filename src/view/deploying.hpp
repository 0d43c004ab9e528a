#pragma once

#include <nlohmann/json_fwd.hpp>

#include "deploy/github_deployment.hpp"
#include "deploy/modal_deployment.hpp"

namespace changeling::view {

/// Shapes of `deploy` (interface.md); with a dry run the content is in them.
nlohmann::json to_json(const deploy::GithubDeployment& deployment);
nlohmann::json to_json(const deploy::ModalDeployment& deployment);
/// Shapes of `undeploy`.
nlohmann::json to_json(const store::DeploymentRecord& deployment,
                       const deploy::GithubUndeployment& undeployed);
nlohmann::json undeployed_from_modal(const store::DeploymentRecord& deployment);

}  // namespace changeling::view
