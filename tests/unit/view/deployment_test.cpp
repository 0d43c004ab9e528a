#include "view/deployment.hpp"

#include <doctest/doctest.h>

#include "keys.hpp"

using namespace changeling;
using testing::keys_of;

namespace {

deploy::DeploymentOverview overview() {
  deploy::DeploymentOverview made;
  made.record.changeling = "sprite";
  made.record.target = store::DeploymentTarget::Modal;
  made.record.deployed_at = testing::morning;
  made.record.app = "repository-sprite";
  made.definition = deploy::DeploymentOverview::Definition::Changed;
  return made;
}

}  // namespace

TEST_CASE("a deployment has its record, and what has become of it") {
  const Json json = view::to_json(overview());
  CHECK(keys_of(json) == "app app_state changeling definition deployed_at deployed_by digest to workflow");
  CHECK(json.at("changeling") == "sprite");
  CHECK(json.at("to") == "modal");
  CHECK(json.at("deployed_at") == testing::morning_text);
  CHECK(json.at("definition") == "changed");
  CHECK(json.at("app_state") == nullptr);
}

TEST_CASE("the state of a deployment's app is what was told of it") {
  deploy::DeploymentOverview deployed = overview();
  deployed.app_state = "deployed";
  CHECK(view::to_json(deployed).at("app_state") == "deployed");
}
