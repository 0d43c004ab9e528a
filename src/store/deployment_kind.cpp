#include "store/deployment_record.hpp"
#include "store/record_kinds.hpp"
#include "store/record_merge.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

DeploymentRecord parse(const std::string& text, std::string_view path) {
  return deployment_from_json(parse_json(text, path), path);
}

void check(const std::string& text, std::string_view path) {
  parse(text, path);
}

/// What was deployed last is what runs there now.
std::string merge(const RecordVersions& versions, std::string_view path) {
  const DeploymentRecord mine = parse(*versions.ours, path);
  const DeploymentRecord theirs = parse(*versions.published, path);
  return mine.deployed_at > theirs.deployed_at ? *versions.ours : *versions.published;
}

}  // namespace

const RecordKind deployment_kind{
    .folder = "deployments",
    .spread = Spread::Flat,
    .layout = "deployments/NAME.json",
    .name = "a deployment",
    .sentence = "Where a changeling's schedule is kept, when it is deployed ([deploy.md](deploy.md))",
    .check = check,
    .merge = merge};

}  // namespace changeling::store
