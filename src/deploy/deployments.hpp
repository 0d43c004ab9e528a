#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "project/definitions.hpp"
#include "project/project.hpp"
#include "store/deployment_record.hpp"

namespace changeling::deploy {

/// A changeling as another machine would run it: without what the user's own file says.
struct Deployable {
  Definition definition;
  AgentType agent;
  std::string digest;    ///< portable_digest.
  bool in_file = false;  ///< `.changelings.toml` has a part in it.
};

/// Throws Error(Refused) when the user of this machine has not approved it, or when it would be something
/// else without their own settings: what is deployed is exactly what was approved.
Deployable load_deployable(project::Project& project, const std::string& name);

/// Writes the record and shares it; what fails of the latter is only said. Does nothing when the record says
/// the same already.
store::DeploymentRecord note_deployment(project::Project& project, store::DeploymentRecord deployment);
void forget_deployment(project::Project& project, const store::DeploymentRecord& deployment);
/// Throws Error(NotFound) when it is not deployed.
store::DeploymentRecord find_deployment(project::Project& project, const std::string& name);

/// The remote's address as the user wrote it: what other machines can make something of (url.*.insteadOf is
/// this machine's own). Empty without a remote.
std::string written_remote_url(project::Project& project);

/// The name of Modal's app for a changeling of this repository, the same in every clone.
std::string modal_app_of(project::Project& project, const std::string& name);

/// Where the Modal app's file of a changeling lies on this machine.
std::filesystem::path modal_file(project::Project& project, const std::string& name);

/// A deployment as `status` shows it.
struct DeploymentOverview {
  enum class Definition {
    Current,
    Changed,  ///< Since it was deployed: the runner refuses it.
    Gone,
  };
  store::DeploymentRecord record;
  Definition definition = Definition::Current;
  std::string app_state;  ///< As Modal tells; empty when it was not asked.
};

/// "current", "changed", "gone".
std::string_view to_string(DeploymentOverview::Definition definition);

/// Sorted by name. Asks Modal, when its program is there, for a few seconds at most; what goes wrong is left
/// out or becomes a message, never a failure.
std::vector<DeploymentOverview> load_deployments(project::Project& project);

}  // namespace changeling::deploy
