#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/deploying.hpp"
#include "deploy/deployments.hpp"
#include "deploy/generated_file.hpp"
#include "deploy/modal_app.hpp"
#include "deploy/modal_program.hpp"
#include "forge/select.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

namespace fs = std::filesystem;

/// The remote as a machine without keys can clone it: over https, without anybody's password.
std::string clone_url(Context& context) {
  const std::string url = deploy::written_remote_url(context);
  if (url.empty()) {
    throw Error(ErrorKind::Refused, "this repository has no remote that Modal could clone",
                "push it somewhere first: git remote add origin https://HOST/OWNER/NAME.git");
  }
  if (const auto remote = forge::parse_remote_url(url))
    return fmt::format("https://{}/{}/{}.git", remote->host, remote->owner, remote->name);
  if (url.starts_with("https://") && url.find('@') == std::string::npos) return url;
  throw Error(ErrorKind::Refused,
              fmt::format("Modal cannot clone from the remote {}: it is not on a server with https",
                          context.remote()),
              "push it to one and name that remote: git config changeling.remote NAME");
}

/// Address and commit of git-changeling's own source: changeling.source, or where the action comes from.
std::pair<std::string, std::string> source_of(Context& context, const DeployOrder& order) {
  const git::Repository& repository = context.repository();
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

deploy::ModalSettings settings_for(Context& context, const DeployOrder& order, const std::string& digest) {
  const git::Repository& repository = context.repository();
  deploy::ModalSettings settings;
  settings.app = deploy::modal_app_of(context, order.name);
  settings.clone_url = clone_url(context);
  settings.state_reference = context.store().reference();
  settings.digest = digest;
  std::tie(settings.source, settings.source_commit) = source_of(context, order);
  settings.secret = order.secret.empty() ? repository.config("changeling.modalSecret").value_or(settings.app)
                                         : order.secret;
  settings.token_secret = deploy::modal_secret_name(settings.secret + "-publish");
  settings.identity_name = context.store().actor().name;
  settings.identity_email = context.store().actor().email;
  settings.api_url = repository.config("changeling.apiUrl").value_or("");
  settings.packages = order.packages.empty() ? repository.config_all("changeling.package") : order.packages;
  return settings;
}

/// What to type for the two secrets.
std::string secret_commands(const deploy::ModalSettings& settings, const deploy::Requirements& needs) {
  std::string work = fmt::format("modal secret create {} {}=A-TOKEN-THAT-MAY-ONLY-READ",
                                 shell_quote(settings.secret), deploy::modal_token);
  for (const std::string& secret : needs.secrets) work += fmt::format(" {}=…", secret);
  return fmt::format("{}; modal secret create {} {}=ONE-THAT-MAY-WRITE", work,
                     shell_quote(settings.token_secret), deploy::modal_token);
}

}  // namespace

Answer deploy_to_modal(Context& context, const DeployOrder& order) {
  const deploy::Deployable deployable = deploy::load_deployable(context, order.name);
  const deploy::Requirements needs = deploy::requirements_of(deployable.definition, deployable.agent);
  const deploy::ModalSettings settings = settings_for(context, order, deployable.digest);
  const std::string content = write_modal_app(deployable.definition, needs, settings);
  const fs::path file = deploy::modal_file(context, order.name);
  for (const std::string& warning : needs.warnings) context.message("warning: " + warning);
  Answer answer{{{"changeling", order.name},
                 {"to", to_string(store::DeploymentTarget::Modal)},
                 {"dry_run", order.dry_run},
                 {"app", settings.app},
                 {"file", file.string()},
                 {"digest", deployable.digest},
                 {"secret", settings.secret},
                 {"token_secret", settings.token_secret},
                 {"secrets", needs.secrets},
                 {"warnings", needs.warnings}},
                "",
                0};
  if (order.dry_run) {
    answer.json["content"] = content;
    answer.json["call"] = {"modal", "deploy", file.string()};
    answer.text = fmt::format("Would write {}:\n\n{}\nand call: modal deploy {}\n", file.string(), content,
                              shell_quote(file.string()));
    return answer;
  }
  const deploy::ModalProgram modal(context.processes(), context.environment());
  modal.require();
  // The copy that is run lies where only this user writes; one for reading goes where they want it.
  if (!order.file.empty()) {
    const fs::path copy = fs::absolute(order.file);
    deploy::write_generated(copy.parent_path(), copy.filename(), content, order.force);
  }
  const auto before = read_file_if_exists(file);
  write_file(file, content);
  try {
    modal.deploy(file);
  } catch (const Error& error) {
    // What is there must stay what Modal has.
    std::error_code ignored;
    if (before) {
      write_file(file, *before);
    } else {
      fs::remove(file, ignored);
    }
    throw Error(error.kind(), error.what(),
                fmt::format("if the secrets are not there yet: {}", secret_commands(settings, needs)));
  }
  store::DeploymentRecord record;
  record.changeling = order.name;
  record.target = store::DeploymentTarget::Modal;
  record.digest = deployable.digest;
  record.app = settings.app;
  answer.json["deployment"] = to_json(deploy::note_deployment(context, record));
  answer.text = fmt::format(
      "Deployed {} to Modal as the app {}; no machine's own schedule starts it from now on.\n"
      "Run it now:  git changeling run {} --on modal\n",
      order.name, settings.app, order.name);
  return answer;
}

Answer undeploy_from_modal(Context& context, const store::DeploymentRecord& deployment, bool force) {
  // Anybody who shares the state can write the record; it must not name somebody's other app.
  const std::string app = deploy::modal_app_of(context, deployment.changeling);
  if (deployment.app != app && !force) {
    throw Error(ErrorKind::Conflict,
                fmt::format("{} is deployed as the app {}, which from here would be called {}",
                            deployment.changeling, valid_utf8(deployment.app), app),
                fmt::format("stop it yourself (modal app stop), then: git changeling undeploy {} --force",
                            deployment.changeling));
  }
  if (deployment.app == app) {
    const deploy::ModalProgram modal(context.processes(), context.environment());
    modal.require();
    const auto states = modal.apps(std::chrono::seconds(30));
    const auto state = states.find(app);
    if (state != states.end() && state->second != "stopped") modal.stop(app);
  }
  deploy::forget_deployment(context, deployment);
  std::error_code ignored;
  fs::remove_all(deploy::modal_file(context, deployment.changeling).parent_path(), ignored);
  return {{{"undeployed", deployment.changeling},
           {"from", to_string(deployment.target)},
           {"app", deployment.app}},
          fmt::format("{} does not run on Modal any more\n", deployment.changeling),
          0};
}

}  // namespace changeling::cli
