#pragma once

#include <optional>
#include <string>
#include <vector>

#include "deploy/deploy_order.hpp"
#include "deploy/generated_file.hpp"
#include "deploy/requirements.hpp"
#include "deploy/workflow.hpp"
#include "project/project.hpp"
#include "store/deployment_record.hpp"

namespace changeling::deploy {

/// A changeling on GitHub Actions, and what its user has to do for it.
struct GithubDeployment {
  Definition definition;
  Requirements needs;
  WorkflowSettings settings;
  std::string workflow;      ///< Path of the file in the work tree.
  std::string content = {};  ///< What is in it.
  Existing before = Existing::Nothing;
  /// Files that have to be committed for the runner to see the same definition; the workflow first.
  std::vector<std::string> to_commit = {};
  std::vector<std::string> warnings = {};
  std::optional<store::DeploymentRecord> record = std::nullopt;  ///< Nothing with `dry_run`.

  bool is_written() const { return record && before != Existing::Same; }
};

/// Writes the workflow file into the user's work tree and notes the deployment. Throws Error(Refused) where
/// there is no work tree, and what load_deployable, requirements_of, write_workflow and write_generated do.
GithubDeployment deploy_to_github(project::Project& project, const DeployOrder& order);

/// A changeling that does not run there any more.
struct GithubUndeployment {
  std::string workflow;
  Existing removed = Existing::Nothing;
  bool was_committed = false;  ///< At HEAD: the removal has to be, as well.
};

/// Takes the workflow file away and forgets the deployment. Throws Error(Conflict) for a file that is not
/// ours or was edited, unless `force`.
GithubUndeployment undeploy_from_github(project::Project& project, const store::DeploymentRecord& deployment,
                                        bool force);

}  // namespace changeling::deploy
