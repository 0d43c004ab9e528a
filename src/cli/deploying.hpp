#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "store/deployment_record.hpp"

namespace changeling::cli {

/// What `deploy` was told; what is empty comes from the configuration (docs/deploy.md).
struct DeployOrder {
  std::string name;
  bool dry_run = false;
  bool force = false;
  std::string action;
  std::string runner;
  std::string token_secret;
  std::string source;
  std::string secret;
  std::string file;
  std::vector<std::string> packages;
};

/// Writes the workflow file into the user's work tree and notes the deployment.
Answer deploy_to_github_actions(Context& context, const DeployOrder& order);
/// Takes the workflow file away, unless it is not ours, and forgets the deployment.
Answer undeploy_from_github_actions(Context& context, const store::DeploymentRecord& deployment, bool force);

/// Writes the app's file, gives it to the modal program and notes the deployment.
Answer deploy_to_modal(Context& context, const DeployOrder& order);
/// Stops the app and forgets the deployment.
Answer undeploy_from_modal(Context& context, const store::DeploymentRecord& deployment, bool force);

}  // namespace changeling::cli
