#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/run_places.hpp"
#include "store/store.hpp"
#include "support/clock.hpp"

namespace changeling::store {

/// That a changeling's schedule is kept elsewhere: nobody's `tick` starts it. Lies at deployments/NAME.json
/// on the state ref; a changeling is deployed to one place at most.
struct DeploymentRecord {
  std::string changeling;
  DeploymentTarget target = DeploymentTarget::GithubActions;
  Timestamp deployed_at{};
  std::string deployed_by;  ///< "Name <address>".
  /// Of the definition that was deployed, see portable_digest in changeling/approval_subject.hpp: the runner
  /// runs nothing else.
  std::string digest;
  std::string workflow;  ///< GitHub Actions: path of the workflow file in the repository.
  std::string app;       ///< Modal: name of the app.
};

nlohmann::json to_json(const DeploymentRecord& deployment);
/// Throws Error(Invalid) naming `source` and what is wrong.
DeploymentRecord deployment_from_json(const nlohmann::json& object, std::string_view source);

std::string deployment_path(std::string_view changeling);
/// Nothing when it is not deployed. Throws Error(Invalid) when the record cannot be read.
std::optional<DeploymentRecord> read_deployment(const Snapshot& snapshot, const std::string& changeling);
/// All of them by changeling. One that cannot be read does not keep the others from their readers: it is left
/// out, and a sentence about it is added to `warnings`.
std::map<std::string, DeploymentRecord> read_deployments(const Snapshot& snapshot,
                                                         std::vector<std::string>& warnings);
void write_deployment(Change& change, const DeploymentRecord& deployment);
void remove_deployment(Change& change, std::string_view changeling);

}  // namespace changeling::store
