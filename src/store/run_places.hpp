#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace changeling::store {

/// Where a changeling can run without a machine of its user.
enum class DeploymentTarget { GithubActions, Modal };

struct RunPlace {
  std::optional<DeploymentTarget> target;  ///< Nothing: this machine.
  std::string_view word;                   ///< In records and on the command line.
  std::string_view sentence;
};

/// Every place where a run can happen; the only list of them.
std::span<const RunPlace> run_places();
/// Those that a changeling is deployed to.
std::span<const RunPlace> deployment_places();

/// "github-actions", "modal".
std::string_view to_string(DeploymentTarget target);
/// Throws Error(Invalid) that names the words.
DeploymentTarget parse_deployment_target(std::string_view word);

}  // namespace changeling::store
