#pragma once

#include <map>
#include <string>

#include "deploy/modal_app.hpp"
#include "deploy/workflow.hpp"
#include "samples.hpp"

namespace changeling::testing {

inline deploy::ModalSettings modal_sample() {
  deploy::ModalSettings settings;
  settings.app = "changeling-project-sprite";
  settings.clone_url = "https://example.com/me/project.git";
  settings.state_reference = "refs/changelings/state";
  settings.digest = std::string(64, 'a');
  settings.source = "https://example.com/me/git-changeling.git";
  settings.source_commit = std::string(40, 'b');
  settings.secret = "changeling-project-sprite";
  settings.token_secret = "changeling-project-sprite-publish";
  settings.identity_name = "Ada";
  settings.identity_email = "ada@example.com";
  return settings;
}

inline deploy::WorkflowSettings workflow_sample() {
  deploy::WorkflowSettings settings;
  settings.state_reference = "refs/changelings/state";
  settings.digest = std::string(64, 'a');
  return settings;
}

/// A definition that uses everything that a deployment depends on.
inline Definition full_definition() {
  Definition definition = sample_definition();
  definition.name = "night {secrets} \"${{ x }}\"";
  definition.schedule = "0 3 * jan-MAR mon-fri";
  definition.timezone = "Europe/Berlin";
  definition.timeout = std::chrono::minutes(100);
  definition.secrets = {"A_SECRET", "OTHER"};
  definition.output = OutputKind::Issue;
  return definition;
}

/// What deploying writes, by the name of the file below tests/unit/deploy/golden/.
inline std::map<std::string, std::string> golden_files() {
  const Definition plain = sample_definition();
  const Definition full = full_definition();
  deploy::WorkflowSettings workflow = workflow_sample();
  deploy::ModalSettings modal = modal_sample();
  const AgentType claude = builtin_agent_types().at("claude");
  std::map<std::string, std::string> files;
  const auto add = [&](const std::string& name, const Definition& definition, const AgentType& agent) {
    const deploy::Requirements needs = deploy::requirements_of(definition, agent);
    files[name + ".yml"] = deploy::write_workflow(definition, needs, workflow);
    files[name + ".py"] = deploy::write_modal_app(definition, needs, modal);
  };
  add("plain", plain, command_agent());
  add("full-defaults", full, claude);
  workflow.action = "me/git-changeling@" + std::string(40, 'c');
  workflow.runner = "self-hosted";
  workflow.token_secret = "PUSH_TOKEN";
  workflow.packages = {"codespell", "g++"};
  modal.packages = workflow.packages;
  modal.api_url = "https://github.example.com/api/v3";
  add("full-settings", full, claude);
  return files;
}

}  // namespace changeling::testing
