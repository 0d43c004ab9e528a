#include "cli/deployments_text.hpp"

#include <fmt/format.h>

#include "support/text.hpp"

namespace changeling::cli {

std::string deployments_text(const std::vector<deploy::DeploymentOverview>& deployments,
                             const Terminal& terminal, Timestamp now) {
  std::string text;
  for (const deploy::DeploymentOverview& deployment : deployments) {
    const store::DeploymentRecord& record = deployment.record;
    text += fmt::format("  {}  {}  since {}",
                        styled(without_controls(record.changeling), Style::Bold, terminal.color),
                        to_string(record.target), describe_relative(record.deployed_at, now));
    if (!deployment.app_state.empty()) text += "  app " + without_controls(deployment.app_state);
    text += "\n";
    std::string problem;
    if (deployment.definition == deploy::DeploymentOverview::Definition::Changed) {
      problem = fmt::format("definition changed since: git changeling deploy {} --to {}", record.changeling,
                            to_string(record.target));
    } else if (deployment.definition == deploy::DeploymentOverview::Definition::Gone) {
      problem =
          fmt::format("there is no such changeling any more: git changeling undeploy {}", record.changeling);
    }
    if (!problem.empty())
      text += "    " + styled(without_controls(problem), Style::Red, terminal.color) + "\n";
  }
  return text;
}

}  // namespace changeling::cli
