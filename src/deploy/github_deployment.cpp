#include "deploy/github_deployment.hpp"

#include <fmt/format.h>

#include "deploy/deployments.hpp"
#include "project/settings.hpp"
#include "run/lfs.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::deploy {
namespace {

namespace fs = std::filesystem;

fs::path require_work_tree(project::Project& project) {
  if (const auto folder = project.repository().work_tree()) return *folder;
  throw Error(ErrorKind::Refused, "this repository has no work tree to put a workflow file into",
              "deploy from a clone with one");
}

WorkflowSettings settings_for(project::Project& project, const DeployOrder& order,
                              const std::string& digest) {
  const git::Repository& repository = project.repository();
  const auto chosen = [&](const std::string& given, const char* key, const std::string& otherwise) {
    return given.empty() ? repository.config(key).value_or(otherwise) : given;
  };
  WorkflowSettings settings;
  settings.state_reference = project.store().reference();
  settings.digest = digest;
  settings.action = chosen(order.action, "changeling.action", "");
  settings.runner = chosen(order.runner, "changeling.runner", settings.runner);
  settings.token_secret = chosen(order.token_secret, "changeling.tokenSecret", "");
  const auto head = repository.resolve_revision("HEAD");
  settings.uses_lfs = head && run::uses_lfs(project.services(), *head);
  settings.packages = order.packages.empty() ? repository.config_all("changeling.package") : order.packages;
  return settings;
}

std::vector<std::string> warnings_for(project::Project& project, const Requirements& needs,
                                      const WorkflowSettings& settings) {
  std::vector<std::string> warnings = needs.warnings;
  if (settings.action.empty()) {
    warnings.push_back(
        "changeling.action is not set: the runner must have git-changeling on its PATH (see docs/deploy.md)");
  }
  const auto url =
      project.remote().empty() ? std::nullopt : project.repository().remote_url(project.remote());
  if (!url) warnings.push_back("this repository has no remote, so the runner cannot know the changeling");
  if (url && !project::switch_setting(project.repository(), "changeling.autosync"))
    warnings.push_back("changeling.autosync is off: share the definition with git changeling sync");
  return warnings;
}

std::optional<std::string> committed_file(project::Project& project, const std::string& path) {
  const git::Repository& repository = project.repository();
  const auto head = repository.resolve_revision("HEAD");
  return head ? repository.read_file(repository.commit(*head).tree, path) : std::nullopt;
}

std::vector<std::string> files_to_commit(project::Project& project, const fs::path& work_tree,
                                         const Deployable& deployable, const std::string& workflow) {
  const std::string definitions(project::definitions_file_name);
  const bool differs = read_file_if_exists(work_tree / definitions) != committed_file(project, definitions);
  if (deployable.in_file && differs) return {workflow, definitions};
  return {workflow};
}

store::DeploymentRecord note(project::Project& project, const GithubDeployment& deployment) {
  store::DeploymentRecord record;
  record.changeling = deployment.definition.name;
  record.target = store::DeploymentTarget::GithubActions;
  record.digest = deployment.settings.digest;
  record.workflow = deployment.workflow;
  return note_deployment(project, record);
}

Error cannot_remove(const std::string& path, Existing existing) {
  return Error(ErrorKind::Conflict,
               fmt::format("{} {}", path,
                           existing == Existing::Edited ? "was changed by hand since it was generated"
                                                        : "was not made by git changeling"),
               "look at it, then remove it with --force");
}

}  // namespace

GithubDeployment deploy_to_github(project::Project& project, const DeployOrder& order) {
  const fs::path work_tree = require_work_tree(project);
  const Deployable deployable = load_deployable(project, order.name);
  GithubDeployment deployment{deployable.definition, requirements_of(deployable.definition, deployable.agent),
                              settings_for(project, order, deployable.digest), workflow_path(order.name)};
  deployment.content = write_workflow(deployment.definition, deployment.needs, deployment.settings);
  deployment.before = check_generated(work_tree, deployment.workflow, deployment.content, order.force);
  deployment.warnings = warnings_for(project, deployment.needs, deployment.settings);
  deployment.to_commit = files_to_commit(project, work_tree, deployable, deployment.workflow);
  if (order.dry_run) return deployment;
  write_generated(work_tree, deployment.workflow, deployment.content, order.force);
  deployment.record = note(project, deployment);
  return deployment;
}

GithubUndeployment undeploy_from_github(project::Project& project, const store::DeploymentRecord& deployment,
                                        bool force) {
  const fs::path work_tree = require_work_tree(project);
  // Not the record's word for it, which came with the shared state.
  GithubUndeployment undeployed{workflow_path(deployment.changeling)};
  undeployed.removed = remove_generated(work_tree, undeployed.workflow, force);
  const bool is_not_ours = undeployed.removed == Existing::Edited || undeployed.removed == Existing::Foreign;
  if (is_not_ours && !force) throw cannot_remove(undeployed.workflow, undeployed.removed);
  undeployed.was_committed = committed_file(project, undeployed.workflow).has_value();
  forget_deployment(project, deployment);
  return undeployed;
}

}  // namespace changeling::deploy
