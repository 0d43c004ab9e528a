#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/deploying.hpp"
#include "cli/syntax.hpp"
#include "deploy/deployments.hpp"
#include "support/error.hpp"
#include "support/word_list.hpp"

namespace changeling::cli {
namespace {

using store::DeploymentTarget;

/// What is done with a changeling for each place that it can be deployed to.
struct Deployer {
  DeploymentTarget target;
  Answer (*deploy)(Context& context, const deploy::DeployOrder& order);
  Answer (*undeploy)(Context& context, const store::DeploymentRecord& deployment, bool force);
};

constexpr std::array deployers{
    Deployer{DeploymentTarget::GithubActions, deploy_to_github_actions, undeploy_from_github_actions},
    Deployer{DeploymentTarget::Modal, deploy_to_modal, undeploy_from_modal},
};

const Deployer& deployer_for(DeploymentTarget target) {
  return *std::find_if(deployers.begin(), deployers.end(),
                       [&](const Deployer& deployer) { return deployer.target == target; });
}

DeploymentTarget target_of(const std::string& option, const std::string& word) {
  const store::RunPlace* const place = find_word(store::deployment_places(), word);
  if (place != nullptr) return *place->target;
  throw not_allowed(ErrorKind::Usage, "option " + option, word, words_of(store::deployment_places()));
}

Answer deploy(Context& context, const std::string& to, const deploy::DeployOrder& order) {
  context.require_state();
  const DeploymentTarget target = target_of("--to", to);
  const auto known = store::read_deployment(context.snapshot(), order.name);
  if (known && known->target != target) {
    throw Error(
        ErrorKind::Conflict,
        fmt::format("{} is deployed to {}, and would run twice", order.name, to_string(known->target)),
        fmt::format("take it from there first: git changeling undeploy {}", order.name));
  }
  return deployer_for(target).deploy(context, order);
}

Answer undeploy(Context& context, const std::string& name, const std::string& from, bool force) {
  const store::DeploymentRecord deployment = deploy::find_deployment(context, name);
  if (!from.empty() && target_of("--from", from) != deployment.target) {
    throw Error(ErrorKind::NotFound,
                fmt::format("{} is not deployed to {}, but to {}", name, from, to_string(deployment.target)),
                fmt::format("git changeling undeploy {}", name));
  }
  return deployer_for(deployment.target).undeploy(context, deployment, force);
}

}  // namespace

CommandSpec deploy_command() {
  return {
      "deploy", "Let a changeling run on GitHub Actions or Modal",
      "For GitHub Actions it writes a workflow file into your work tree, for you to commit and push; for "
      "Modal "
      "it writes an app and gives it to Modal's own program. Afterwards the changeling's schedule is kept "
      "there, and nobody's machine starts it.\n\n"
      "You can only deploy what you have approved, and only that runs there: when the definition changes, "
      "the runner refuses it until somebody deploys it again. Secrets are named, never copied.\n\n"
      "What is needed on the other side, and the settings for it, is told in docs/deploy.md.",
      [](Syntax& syntax) -> Action {
        auto order = std::make_shared<deploy::DeployOrder>();
        auto to = std::make_shared<std::string>();
        syntax.value("name", order->name, "Name of the changeling").value_name("NAME").required();
        syntax
            .value("--to", *to,
                   fmt::format("Where it is to run ({})", words_in_help(store::deployment_places())))
            .value_name("PLACE")
            .required();
        syntax.flag("-n,--dry-run", order->dry_run, "Print what would be written and called, and do nothing");
        syntax.flag("-f,--force", order->force, "Replace a file that is not ours or was edited by hand");
        syntax
            .repeatable("--package", order->packages,
                        "Package of Debian that it needs there (default: changeling.package)")
            .value_name("PACKAGE");
        syntax
            .value("--action", order->action,
                   "Action that installs git-changeling, OWNER/REPOSITORY@COMMIT (default: "
                   "changeling.action)")
            .value_name("ACTION");
        syntax
            .value("--runner", order->runner,
                   "Label of the runner (default: changeling.runner, or ubuntu-24.04)")
            .value_name("LABEL");
        syntax
            .value("--token-secret", order->token_secret,
                   "Secret with a token to use instead of the one of GitHub Actions (default: "
                   "changeling.tokenSecret)")
            .value_name("NAME");
        syntax
            .value("--source", order->source,
                   "Source that Modal's image is built from, URL@COMMIT (default: changeling.source)")
            .value_name("SOURCE");
        syntax
            .value("--secret", order->secret,
                   "Modal secret with the variables (default: changeling.modalSecret, or the app's name); "
                   "the token "
                   "that may write is in NAME-publish")
            .value_name("NAME");
        syntax.value("--file", order->file, "Keep a copy of the Modal app here, for reading")
            .value_name("FILE");
        return [order, to](Context& context) { return deploy(context, *to, *order); };
      }};
}

CommandSpec undeploy_command() {
  return {
      "undeploy", "Take a changeling back from GitHub Actions or Modal",
      "Removes the workflow file from your work tree, for you to commit and push, or stops the Modal app. "
      "From then on its schedule is kept by your machines again.",
      [](Syntax& syntax) -> Action {
        auto name = std::make_shared<std::string>();
        auto from = std::make_shared<std::string>();
        auto force = std::make_shared<bool>(false);
        syntax.value("name", *name, "Name of the changeling").value_name("NAME").required();
        syntax
            .value(
                "--from", *from,
                fmt::format("Only when it is deployed there ({})", words_in_help(store::deployment_places())))
            .value_name("PLACE");
        syntax.flag("-f,--force", *force, "Also when the file was edited, or the app has another name");
        return [name, from, force](Context& context) { return undeploy(context, *name, *from, *force); };
      }};
}

}  // namespace changeling::cli
