#include "view/deployment.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const deploy::DeploymentOverview& deployment) {
  Json json = store::to_json(deployment.record);
  json["definition"] = to_string(deployment.definition);
  json["app_state"] = deployment.app_state.empty() ? Json(nullptr) : Json(deployment.app_state);
  return json;
}

}  // namespace changeling::view
