#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "deploy/deploy_order.hpp"
#include "deploy/modal_app.hpp"
#include "deploy/requirements.hpp"
#include "project/project.hpp"
#include "store/deployment_record.hpp"

namespace changeling::deploy {

/// A changeling as an app of Modal.
struct ModalDeployment {
  Definition definition;
  Requirements needs;
  ModalSettings settings;
  std::string content = {};         ///< The app's file.
  std::filesystem::path file = {};  ///< Where only this user writes; it is what Modal was given.
  std::optional<store::DeploymentRecord> record = std::nullopt;  ///< Nothing with `dry_run`.
};

/// Writes the app's file, gives it to the modal program and notes the deployment. When that program refuses,
/// the file is what it was before. Throws Error(Refused) for a remote that Modal cannot clone, and what
/// load_deployable, requirements_of, write_modal_app and ModalProgram do.
ModalDeployment deploy_to_modal(project::Project& project, const DeployOrder& order);

/// Stops the app and forgets the deployment. Throws Error(Conflict) for a record that names another app than
/// the one this repository would have, unless `force`: then that app is left alone.
void undeploy_from_modal(project::Project& project, const store::DeploymentRecord& deployment, bool force);

}  // namespace changeling::deploy
