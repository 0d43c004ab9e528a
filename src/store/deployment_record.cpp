#include "store/deployment_record.hpp"

#include <fmt/format.h>

#include "changeling/toml_file.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

constexpr std::string_view folder = "deployments";
constexpr std::string_view suffix = ".json";

/// The one that says where, for the target.
Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

DeploymentRecord read(const Json& object) {
  const auto text = [&](std::string_view key) { return json_string(object, key).value_or(""); };
  DeploymentRecord deployment;
  deployment.changeling = text("changeling");
  const auto deployed_at = json_timestamp(object, "deployed_at");
  if (deployment.changeling.empty() || !deployed_at)
    throw Error(ErrorKind::Invalid, "changeling and deployed_at must be there");
  deployment.target = parse_deployment_target(text("to"));
  deployment.deployed_at = *deployed_at;
  deployment.deployed_by = text("deployed_by");
  deployment.digest = text("digest");
  deployment.workflow = text("workflow");
  deployment.app = text("app");
  return deployment;
}

}  // namespace

nlohmann::json to_json(const DeploymentRecord& deployment) {
  return {{"changeling", deployment.changeling},
          {"to", to_string(deployment.target)},
          {"deployed_at", format_timestamp(deployment.deployed_at)},
          {"deployed_by", deployment.deployed_by},
          {"digest", deployment.digest},
          {"workflow", text_or_null(deployment.workflow)},
          {"app", text_or_null(deployment.app)}};
}

DeploymentRecord deployment_from_json(const nlohmann::json& object, std::string_view source) {
  try {
    return read(object);
  } catch (const Error& error) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: {}", source, error.what()), error.hint());
  }
}

std::string deployment_path(std::string_view changeling) {
  return fmt::format("{}/{}{}", folder, changeling, suffix);
}

std::optional<DeploymentRecord> read_deployment(const Snapshot& snapshot, const std::string& changeling) {
  const std::string path = deployment_path(changeling);
  const auto text = snapshot.read(path);
  if (!text) return std::nullopt;
  const std::string source = fmt::format("{}:{}", snapshot.commit()->short_hex(), path);
  DeploymentRecord deployment = deployment_from_json(parse_json(*text, source), source);
  if (deployment.changeling != changeling)
    throw Error(ErrorKind::Invalid, fmt::format("{}: is of another changeling than its name says", source));
  return deployment;
}

std::map<std::string, DeploymentRecord> read_deployments(const Snapshot& snapshot,
                                                         std::vector<std::string>& warnings) {
  std::map<std::string, DeploymentRecord> deployments;
  for (const std::string& file : snapshot.names(std::string(folder))) {
    if (!file.ends_with(suffix)) continue;
    const std::string name = file.substr(0, file.size() - suffix.size());
    if (changeling_name_problem(name)) {
      warnings.push_back(fmt::format("{}/{}: not the place of a deployment", folder, valid_utf8(file)));
      continue;
    }
    try {
      if (auto deployment = read_deployment(snapshot, name))
        deployments.emplace(name, std::move(*deployment));
    } catch (const std::exception& error) {
      // Whatever is wrong with it, the others are where they are.
      warnings.emplace_back(error.what());
    }
  }
  return deployments;
}

void write_deployment(Change& change, const DeploymentRecord& deployment) {
  change.write(deployment_path(deployment.changeling),
               to_json(deployment).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void remove_deployment(Change& change, std::string_view changeling) {
  change.remove(deployment_path(changeling));
}

}  // namespace changeling::store
