#include <fmt/format.h>

#include "cli/deploying.hpp"
#include "deploy/github_deployment.hpp"
#include "deploy/plain_cron.hpp"
#include "support/process.hpp"
#include "support/text.hpp"
#include "view/deploying.hpp"

namespace changeling::cli {
namespace {

using deploy::Existing;
using deploy::GithubDeployment;

std::string commands_to_commit(const GithubDeployment& deployment) {
  std::vector<std::string> files;
  for (const std::string& file : deployment.to_commit) files.push_back(shell_quote(file));
  const std::string subject = "Run the changeling " + deployment.definition.name + " on GitHub Actions";
  return fmt::format("\nCommit and push:\n  git add {0}\n  git commit -m {1} -- {0}\n  git push\n",
                     join(files, " "), shell_quote(subject));
}

std::string commands_for_secrets(const GithubDeployment& deployment) {
  std::vector<std::string> secrets = deployment.needs.secrets;
  if (!deployment.settings.token_secret.empty()) secrets.push_back(deployment.settings.token_secret);
  if (secrets.empty()) return "";
  std::string text = "\nSet the secrets it needs, if they are not set yet:\n";
  for (const std::string& secret : secrets) text += fmt::format("  gh secret set {}\n", secret);
  return text;
}

std::string dry_run_text(const GithubDeployment& deployment) {
  return fmt::format("Would {} {}:\n\n{}\nand note in {} that {} runs on github-actions.\n",
                     deployment.before == Existing::Same ? "leave as it is" : "write", deployment.workflow,
                     deployment.content, deployment.settings.state_reference, deployment.definition.name);
}

std::string when_it_runs(const Definition& definition) {
  if (definition.schedule.empty()) return "when it is told to: git changeling run --on github-actions";
  return fmt::format("at \"{}\" ({}); no machine's own schedule starts it now",
                     deploy::plain_cron(definition.schedule), definition.timezone);
}

std::string text_of(const GithubDeployment& deployment) {
  return fmt::format("{} {}\n{} runs on GitHub Actions once this is on the default branch,\n{}.\n",
                     deployment.is_written() ? "Wrote" : "Nothing to change in", deployment.workflow,
                     deployment.definition.name, when_it_runs(deployment.definition)) +
         commands_to_commit(deployment) + commands_for_secrets(deployment);
}

std::string removal_text(const deploy::GithubUndeployment& undeployed, const std::string& name) {
  if (undeployed.removed == Existing::Nothing) {
    return fmt::format(
        ".\n{} is not in this work tree. Where it is on the default branch, it still starts and fails.\n",
        undeployed.workflow);
  }
  if (!undeployed.was_committed)
    return fmt::format(".\nRemoved {}, which was not committed.\n", undeployed.workflow);
  return fmt::format(
      ", once this is on the default branch:\n\n  git add --update -- {0}\n  git commit -m {1} -- {0}\n"
      "  git push\n",
      shell_quote(undeployed.workflow), shell_quote("Stop the changeling " + name + " on GitHub Actions"));
}

}  // namespace

Answer deploy_to_github_actions(Context& context, const deploy::DeployOrder& order) {
  const GithubDeployment deployment = deploy::deploy_to_github(context, order);
  for (const std::string& warning : deployment.warnings) context.message("warning: " + warning);
  return {view::to_json(deployment), deployment.record ? text_of(deployment) : dry_run_text(deployment)};
}

Answer undeploy_from_github_actions(Context& context, const store::DeploymentRecord& deployment, bool force) {
  const deploy::GithubUndeployment undeployed = deploy::undeploy_from_github(context, deployment, force);
  return {view::to_json(deployment, undeployed),
          fmt::format("{} does not run on GitHub Actions any more{}", deployment.changeling,
                      removal_text(undeployed, deployment.changeling))};
}

}  // namespace changeling::cli
