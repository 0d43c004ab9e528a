#include <fmt/format.h>

#include "cli/deploying.hpp"
#include "deploy/modal_deployment.hpp"
#include "support/process.hpp"
#include "view/deploying.hpp"

namespace changeling::cli {
namespace {

std::string dry_run_text(const deploy::ModalDeployment& deployment) {
  return fmt::format("Would write {}:\n\n{}\nand call: modal deploy {}\n", deployment.file.string(),
                     deployment.content, shell_quote(deployment.file.string()));
}

std::string text_of(const deploy::ModalDeployment& deployment) {
  return fmt::format(
      "Deployed {0} to Modal as the app {1}; no machine's own schedule starts it from now on.\n"
      "Run it now:  git changeling run {0} --on modal\n",
      deployment.definition.name, deployment.settings.app);
}

}  // namespace

Answer deploy_to_modal(Context& context, const deploy::DeployOrder& order) {
  const deploy::ModalDeployment deployment = deploy::deploy_to_modal(context, order);
  for (const std::string& warning : deployment.needs.warnings) context.message("warning: " + warning);
  return {view::to_json(deployment), deployment.record ? text_of(deployment) : dry_run_text(deployment)};
}

Answer undeploy_from_modal(Context& context, const store::DeploymentRecord& deployment, bool force) {
  deploy::undeploy_from_modal(context, deployment, force);
  return {view::undeployed_from_modal(deployment),
          fmt::format("{} does not run on Modal any more\n", deployment.changeling)};
}

}  // namespace changeling::cli
