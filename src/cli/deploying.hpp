#pragma once

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "deploy/deploy_order.hpp"
#include "store/deployment_record.hpp"

namespace changeling::cli {

/// What the two places answer to `deploy` and `undeploy`; see deploy/github_deployment.hpp and
/// deploy/modal_deployment.hpp.
Answer deploy_to_github_actions(Context& context, const deploy::DeployOrder& order);
Answer undeploy_from_github_actions(Context& context, const store::DeploymentRecord& deployment, bool force);
Answer deploy_to_modal(Context& context, const deploy::DeployOrder& order);
Answer undeploy_from_modal(Context& context, const store::DeploymentRecord& deployment, bool force);

}  // namespace changeling::cli
