#include "view/deploying.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const deploy::GithubDeployment& deployment) {
  const bool is_dry = !deployment.record;
  Json json{{"changeling", deployment.definition.name},
            {"to", to_string(store::DeploymentTarget::GithubActions)},
            {"dry_run", is_dry},
            {"workflow", deployment.workflow},
            {"digest", deployment.settings.digest},
            {"written", deployment.is_written()},
            {"secrets", deployment.needs.secrets},
            {"warnings", deployment.warnings}};
  if (is_dry) {
    json["content"] = deployment.content;
  } else {
    json["deployment"] = store::to_json(*deployment.record);
  }
  return json;
}

Json to_json(const deploy::ModalDeployment& deployment) {
  const bool is_dry = !deployment.record;
  Json json{{"changeling", deployment.definition.name},
            {"to", to_string(store::DeploymentTarget::Modal)},
            {"dry_run", is_dry},
            {"app", deployment.settings.app},
            {"file", deployment.file.string()},
            {"digest", deployment.settings.digest},
            {"secret", deployment.settings.secret},
            {"token_secret", deployment.settings.token_secret},
            {"secrets", deployment.needs.secrets},
            {"warnings", deployment.needs.warnings}};
  if (is_dry) {
    json["content"] = deployment.content;
    json["call"] = {"modal", "deploy", deployment.file.string()};
  } else {
    json["deployment"] = store::to_json(*deployment.record);
  }
  return json;
}

Json to_json(const store::DeploymentRecord& deployment, const deploy::GithubUndeployment& undeployed) {
  const bool was_there = undeployed.removed != deploy::Existing::Nothing;
  return {{"undeployed", deployment.changeling},
          {"from", to_string(deployment.target)},
          {"removed", was_there ? Json(undeployed.workflow) : Json(nullptr)}};
}

Json undeployed_from_modal(const store::DeploymentRecord& deployment) {
  return {
      {"undeployed", deployment.changeling}, {"from", to_string(deployment.target)}, {"app", deployment.app}};
}

}  // namespace changeling::view
