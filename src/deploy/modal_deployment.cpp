#include "deploy/modal_deployment.hpp"

#include <fmt/format.h>

#include <tuple>

#include "deploy/deployments.hpp"
#include "deploy/generated_file.hpp"
#include "deploy/modal_program.hpp"
#include "forge/select.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::deploy {
namespace {

namespace fs = std::filesystem;

/// The remote as a machine without keys can clone it: over https, without anybody's password.
std::string clone_url(project::Project& project) {
  const std::string url = written_remote_url(project);
  if (url.empty()) {
    throw Error(ErrorKind::Refused, "this repository has no remote that Modal could clone",
                "push it somewhere first: git remote add origin https://HOST/OWNER/NAME.git");
  }
  if (const auto remote = forge::parse_remote_url(url))
    return fmt::format("https://{}/{}/{}.git", remote->host, remote->owner, remote->name);
  if (url.starts_with("https://") && url.find('@') == std::string::npos) return url;
  throw Error(ErrorKind::Refused,
              fmt::format("Modal cannot clone from the remote {}: it is not on a server with https",
                          project.remote()),
              "push it to one and name that remote: git config changeling.remote NAME");
}

/// Address and commit of git-changeling's own source: changeling.source, or where the action comes from.
std::pair<std::string, std::string> source_of(project::Project& project, const DeployOrder& order) {
  const git::Repository& repository = project.repository();
  std::string source =
      order.source.empty() ? repository.config("changeling.source").value_or("") : order.source;
  if (source.empty()) {
    const std::string action =
        order.action.empty() ? repository.config("changeling.action").value_or("") : order.action;
    if (!action.empty()) source = "https://github.com/" + action;
  }
  const auto at = source.rfind('@');
  if (at == std::string::npos) return {source, ""};
  return {source.substr(0, at), source.substr(at + 1)};
}

ModalSettings settings_for(project::Project& project, const DeployOrder& order, const std::string& digest) {
  const git::Repository& repository = project.repository();
  ModalSettings settings;
  settings.app = modal_app_of(project, order.name);
  settings.clone_url = clone_url(project);
  settings.state_reference = project.store().reference();
  settings.digest = digest;
  std::tie(settings.source, settings.source_commit) = source_of(project, order);
  settings.secret = order.secret.empty() ? repository.config("changeling.modalSecret").value_or(settings.app)
                                         : order.secret;
  settings.token_secret = modal_secret_name(settings.secret + "-publish");
  settings.identity_name = project.store().actor().name;
  settings.identity_email = project.store().actor().email;
  settings.api_url = repository.config("changeling.apiUrl").value_or("");
  settings.packages = order.packages.empty() ? repository.config_all("changeling.package") : order.packages;
  return settings;
}

/// What to type for the two secrets.
std::string secret_commands(const ModalSettings& settings, const Requirements& needs) {
  std::string work = fmt::format("modal secret create {} {}=A-TOKEN-THAT-MAY-ONLY-READ",
                                 shell_quote(settings.secret), modal_token);
  for (const std::string& secret : needs.secrets) work += fmt::format(" {}=…", secret);
  return fmt::format("{}; modal secret create {} {}=ONE-THAT-MAY-WRITE", work,
                     shell_quote(settings.token_secret), modal_token);
}

void put_back(const fs::path& file, const std::optional<std::string>& before) {
  std::error_code ignored;
  if (before) {
    write_file(file, *before);
  } else {
    fs::remove(file, ignored);
  }
}

/// The file stays what Modal has.
void give_to_modal(const ModalProgram& modal, const ModalDeployment& deployment) {
  const auto before = read_file_if_exists(deployment.file);
  write_file(deployment.file, deployment.content);
  try {
    modal.deploy(deployment.file);
  } catch (const Error& error) {
    put_back(deployment.file, before);
    throw Error(error.kind(), error.what(),
                fmt::format("if the secrets are not there yet: {}",
                            secret_commands(deployment.settings, deployment.needs)));
  }
}

/// The copy that is run lies where only this user writes; one for reading goes where they want it.
void write_copy(const DeployOrder& order, const std::string& content) {
  if (order.file.empty()) return;
  const fs::path copy = fs::absolute(order.file);
  write_generated(copy.parent_path(), copy.filename(), content, order.force);
}

store::DeploymentRecord note(project::Project& project, const ModalDeployment& deployment) {
  store::DeploymentRecord record;
  record.changeling = deployment.definition.name;
  record.target = store::DeploymentTarget::Modal;
  record.digest = deployment.settings.digest;
  record.app = deployment.settings.app;
  return note_deployment(project, record);
}

void stop_app(project::Project& project, const std::string& app) {
  const ModalProgram modal(project.processes(), project.environment());
  modal.require();
  const auto states = modal.apps(std::chrono::seconds(30));
  const auto state = states.find(app);
  if (state != states.end() && state->second != "stopped") modal.stop(app);
}

}  // namespace

ModalDeployment deploy_to_modal(project::Project& project, const DeployOrder& order) {
  const Deployable deployable = load_deployable(project, order.name);
  ModalDeployment deployment{deployable.definition, requirements_of(deployable.definition, deployable.agent),
                             settings_for(project, order, deployable.digest)};
  deployment.content = write_modal_app(deployment.definition, deployment.needs, deployment.settings);
  deployment.file = modal_file(project, order.name);
  if (order.dry_run) return deployment;
  const ModalProgram modal(project.processes(), project.environment());
  modal.require();
  write_copy(order, deployment.content);
  give_to_modal(modal, deployment);
  deployment.record = note(project, deployment);
  return deployment;
}

void undeploy_from_modal(project::Project& project, const store::DeploymentRecord& deployment, bool force) {
  // Anybody who shares the state can write the record; it must not name somebody's other app.
  const std::string app = modal_app_of(project, deployment.changeling);
  if (deployment.app != app && !force) {
    throw Error(ErrorKind::Conflict,
                fmt::format("{} is deployed as the app {}, which from here would be called {}",
                            deployment.changeling, valid_utf8(deployment.app), app),
                fmt::format("stop it yourself (modal app stop), then: git changeling undeploy {} --force",
                            deployment.changeling));
  }
  if (deployment.app == app) stop_app(project, app);
  forget_deployment(project, deployment);
  std::error_code ignored;
  fs::remove_all(modal_file(project, deployment.changeling).parent_path(), ignored);
}

}  // namespace changeling::deploy
