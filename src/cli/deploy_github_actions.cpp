#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/deploying.hpp"
#include "deploy/deployments.hpp"
#include "deploy/generated_file.hpp"
#include "deploy/plain_cron.hpp"
#include "deploy/workflow.hpp"
#include "forge/select.hpp"
#include "project/settings.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/process.hpp"

namespace changeling::cli {
namespace {

namespace fs = std::filesystem;
using deploy::Existing;

fs::path require_work_tree(Context& context) {
  if (const auto folder = context.repository().work_tree()) return *folder;
  throw Error(ErrorKind::Refused, "this repository has no work tree to put a workflow file into",
              "deploy from a clone with one");
}

deploy::WorkflowSettings settings_for(Context& context, const DeployOrder& order, const std::string& digest) {
  const git::Repository& repository = context.repository();
  const auto chosen = [&](const std::string& given, const char* key, const std::string& otherwise) {
    return given.empty() ? repository.config(key).value_or(otherwise) : given;
  };
  deploy::WorkflowSettings settings;
  settings.state_reference = context.store().reference();
  settings.digest = digest;
  settings.action = chosen(order.action, "changeling.action", "");
  settings.runner = chosen(order.runner, "changeling.runner", settings.runner);
  settings.token_secret = chosen(order.token_secret, "changeling.tokenSecret", "");
  settings.packages = order.packages.empty() ? repository.config_all("changeling.package") : order.packages;
  return settings;
}

std::vector<std::string> warnings_for(Context& context, const deploy::Requirements& needs,
                                      const deploy::WorkflowSettings& settings) {
  std::vector<std::string> warnings = needs.warnings;
  if (settings.action.empty()) {
    warnings.push_back(
        "changeling.action is not set: the runner must have git-changeling on its PATH (see docs/deploy.md)");
  }
  const auto url =
      context.remote().empty() ? std::nullopt : context.repository().remote_url(context.remote());
  if (!url) warnings.push_back("this repository has no remote, so the runner cannot know the changeling");
  if (url && !project::switch_setting(context.repository(), "changeling.autosync"))
    warnings.push_back("changeling.autosync is off: share the definition with git changeling sync");
  return warnings;
}

std::optional<std::string> committed_file(Context& context, const std::string& path) {
  const git::Repository& repository = context.repository();
  const auto head = repository.resolve_revision("HEAD");
  return head ? repository.read_file(repository.commit(*head).tree, path) : std::nullopt;
}

/// What the user has to commit for the runner to see the same definition.
bool definitions_file_differs(Context& context, const fs::path& work_tree) {
  return read_file_if_exists(work_tree / project::definitions_file_name) !=
         committed_file(context, project::definitions_file_name);
}

std::string what_to_do(const std::string& files, const deploy::Requirements& needs,
                       const deploy::WorkflowSettings& settings, const std::string& subject) {
  std::string text =
      fmt::format("\nCommit and push:\n  git add {0}\n  git commit -m {1} -- {0}\n  git push\n", files,
                  shell_quote(subject));
  std::vector<std::string> secrets = needs.secrets;
  if (!settings.token_secret.empty()) secrets.push_back(settings.token_secret);
  if (!secrets.empty()) text += "\nSet the secrets it needs, if they are not set yet:\n";
  for (const std::string& secret : secrets) text += fmt::format("  gh secret set {}\n", secret);
  return text;
}

}  // namespace

Answer deploy_to_github_actions(Context& context, const DeployOrder& order) {
  const fs::path work_tree = require_work_tree(context);
  const deploy::Deployable deployable = deploy::load_deployable(context, order.name);
  const deploy::Requirements needs = deploy::requirements_of(deployable.definition, deployable.agent);
  const deploy::WorkflowSettings settings = settings_for(context, order, deployable.digest);
  const std::string path = deploy::workflow_path(order.name);
  const std::string content = write_workflow(deployable.definition, needs, settings);
  const Existing before = deploy::check_generated(work_tree, path, content, order.force);
  const std::vector<std::string> warnings = warnings_for(context, needs, settings);
  Answer answer{{{"changeling", order.name},
                 {"to", to_string(store::DeploymentTarget::GithubActions)},
                 {"dry_run", order.dry_run},
                 {"workflow", path},
                 {"digest", deployable.digest},
                 {"written", !order.dry_run && before != Existing::Same},
                 {"secrets", needs.secrets},
                 {"warnings", warnings}},
                "",
                0};
  for (const std::string& warning : warnings) context.message("warning: " + warning);
  std::string files = shell_quote(path);
  if (deployable.in_file && definitions_file_differs(context, work_tree))
    files += fmt::format(" {}", project::definitions_file_name);
  if (order.dry_run) {
    answer.json["content"] = content;
    answer.text = fmt::format("Would {} {}:\n\n{}\nand note in {} that {} runs on github-actions.\n",
                              before == Existing::Same ? "leave as it is" : "write", path, content,
                              settings.state_reference, order.name);
    return answer;
  }
  deploy::write_generated(work_tree, path, content, order.force);
  store::DeploymentRecord record;
  record.changeling = order.name;
  record.target = store::DeploymentTarget::GithubActions;
  record.digest = deployable.digest;
  record.workflow = path;
  answer.json["deployment"] = to_json(deploy::note_deployment(context, record));
  const std::string& schedule = deployable.definition.schedule;
  const std::string when = schedule.empty()
                               ? "when it is told to: git changeling run --on github-actions"
                               : fmt::format("at \"{}\" ({}); no machine's own schedule starts it now",
                                             deploy::plain_cron(schedule), deployable.definition.timezone);
  answer.text =
      fmt::format("{} {}\n{} runs on GitHub Actions once this is on the default branch,\n{}.\n",
                  before == Existing::Same ? "Nothing to change in" : "Wrote", path, order.name, when);
  answer.text +=
      what_to_do(files, needs, settings, "Run the changeling " + order.name + " on GitHub Actions");
  return answer;
}

Answer undeploy_from_github_actions(Context& context, const store::DeploymentRecord& deployment, bool force) {
  const fs::path work_tree = require_work_tree(context);
  // Not the record's word for it, which came with the shared state.
  const std::string path = deploy::workflow_path(deployment.changeling);
  const Existing existing = deploy::remove_generated(work_tree, path, force);
  const bool stays = !force && (existing == Existing::Edited || existing == Existing::Foreign);
  if (stays) {
    throw Error(ErrorKind::Conflict,
                fmt::format("{} {}", path,
                            existing == Existing::Edited ? "was changed by hand since it was generated"
                                                         : "was not made by git changeling"),
                "look at it, then remove it with --force");
  }
  deploy::forget_deployment(context, deployment);
  Answer answer{{{"undeployed", deployment.changeling},
                 {"from", to_string(deployment.target)},
                 {"removed", existing == Existing::Nothing ? Json(nullptr) : Json(path)}},
                fmt::format("{} does not run on GitHub Actions any more", deployment.changeling),
                0};
  if (existing == Existing::Nothing) {
    answer.text += fmt::format(
        ".\n{} is not in this work tree. Where it is on the default branch, it still starts and fails.\n",
        path);
  } else if (!committed_file(context, path)) {
    answer.text += fmt::format(".\nRemoved {}, which was not committed.\n", path);
  } else {
    answer.text += fmt::format(
        ", once this is on the default branch:\n\n  git add --update -- {0}\n  git commit -m {1} -- {0}\n"
        "  git push\n",
        shell_quote(path),
        shell_quote("Stop the changeling " + deployment.changeling + " on GitHub Actions"));
  }
  return answer;
}

}  // namespace changeling::cli
