#include "deploy/deployments.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/modal_app.hpp"
#include "deploy/modal_program.hpp"
#include "deploy/place_name.hpp"
#include "project/sharing.hpp"
#include "project/spread.hpp"
#include "project/trust.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::deploy {
namespace {

/// `status` must not wait longer than this for Modal.
constexpr auto modal_patience = std::chrono::seconds(5);

/// Keys whose values differ.
std::vector<std::string> differing_fields(const Definition& one, const Definition& other) {
  std::vector<std::string> keys;
  for (const FieldSpec& field : definition_fields()) {
    if (field.read(one) != field.read(other)) keys.emplace_back(field.key);
  }
  return keys;
}

DeploymentOverview::Definition compare(const project::DefinitionSet& set,
                                       const store::DeploymentRecord& record) {
  try {
    const Definition definition = set.resolve(record.changeling).definition;
    return portable_digest(project::changeling_subject(set, definition)) == record.digest
               ? DeploymentOverview::Definition::Current
               : DeploymentOverview::Definition::Changed;
  } catch (const Error& error) {
    const bool is_gone = error.kind() == ErrorKind::NotFound && !set.contains(record.changeling);
    // What cannot even be read, be it the whole file, is something else.
    return is_gone ? DeploymentOverview::Definition::Gone : DeploymentOverview::Definition::Changed;
  }
}

void ask_modal(project::Project& project, std::vector<DeploymentOverview>& deployments) {
  const auto on_modal = [](const DeploymentOverview& deployment) {
    return deployment.record.target == store::DeploymentTarget::Modal;
  };
  if (std::none_of(deployments.begin(), deployments.end(), on_modal)) return;
  const deploy::ModalProgram modal(project.processes(), project.environment());
  if (!modal.installed()) return;
  try {
    const auto states = modal.apps(modal_patience);
    for (DeploymentOverview& deployment : deployments) {
      if (!on_modal(deployment)) continue;
      const auto state = states.find(deployment.record.app);
      deployment.app_state = state == states.end() ? "not there" : without_controls(state->second);
    }
  } catch (const Error& error) {
    project.message(fmt::format("Modal was not asked about its apps: {}", without_controls(error.what())));
  }
}

}  // namespace

std::string_view to_string(DeploymentOverview::Definition definition) {
  switch (definition) {
    case DeploymentOverview::Definition::Current:
      return "current";
    case DeploymentOverview::Definition::Changed:
      return "changed";
    case DeploymentOverview::Definition::Gone:
      return "gone";
  }
  return "gone";
}

Deployable load_deployable(project::Project& project, const std::string& name) {
  const project::DefinitionSet here = project::DefinitionSet::load(project);
  const project::DefinitionSet elsewhere = here.without_user_settings();
  const Definition definition = here.resolve(name).definition;
  project::require_trust(project, project::changeling_subject(here, definition));
  Deployable deployable;
  deployable.definition = elsewhere.resolve(name).definition;
  deployable.agent = elsewhere.agent(deployable.definition.agent);
  deployable.digest = portable_digest(approval_subject(deployable.definition, deployable.agent));
  deployable.in_file = here.in_file(name);
  if (const auto fields = differing_fields(definition, deployable.definition); !fields.empty()) {
    throw Error(
        ErrorKind::Refused,
        fmt::format("{} depends on your own settings, which exist on this machine only: {}", name,
                    join(fields, ", ")),
        fmt::format("write them into the definition (git changeling update {} …), or leave them out of "
                    "your config.toml; see git changeling show {} --origin",
                    name, name));
  }
  // Nobody there knows how H is chosen.
  if (!deployable.definition.schedule.empty())
    deployable.definition.schedule = project::schedule_of(project, deployable.definition).text();
  return deployable;
}

store::DeploymentRecord note_deployment(project::Project& project, store::DeploymentRecord deployment) {
  const git::Identity& actor = project.store().actor();
  deployment.deployed_by = fmt::format("{} <{}>", actor.name, actor.email);
  deployment.deployed_at = project.clock().now();
  const auto known = store::read_deployment(project.snapshot(), deployment.changeling);
  if (known && known->target == deployment.target && known->digest == deployment.digest &&
      known->workflow == deployment.workflow && known->app == deployment.app) {
    deployment = *known;
  } else {
    project.store().update(
        {fmt::format("deploy {} to {}", deployment.changeling, to_string(deployment.target)),
         "changeling.deploy",
         {{"Changeling", deployment.changeling}}},
        [&](const store::Snapshot&, store::Change& change) { write_deployment(change, deployment); });
  }
  project::share_quietly(project);
  return deployment;
}

void forget_deployment(project::Project& project, const store::DeploymentRecord& deployment) {
  project.store().update(
      {fmt::format("undeploy {} from {}", deployment.changeling, to_string(deployment.target)),
       "changeling.undeploy",
       {{"Changeling", deployment.changeling}}},
      [&](const store::Snapshot&, store::Change& change) {
        store::remove_deployment(change, deployment.changeling);
      });
  project::share_quietly(project);
}

store::DeploymentRecord find_deployment(project::Project& project, const std::string& name) {
  project.require_state();
  if (auto deployment = store::read_deployment(project.snapshot(), name)) return *deployment;
  throw Error(ErrorKind::NotFound, fmt::format("{} is not deployed anywhere", name),
              fmt::format("git changeling deploy {} --to github-actions, or --to modal", name));
}

std::string written_remote_url(project::Project& project) {
  if (project.remote().empty()) return "";
  return project.repository().config(fmt::format("remote.{}.url", project.remote())).value_or("");
}

std::string modal_app_of(project::Project& project, const std::string& name) {
  // Clones may lie in folders of any name; the remote's name is the same for all of them.
  const std::string url = written_remote_url(project);
  std::string repository = url.substr(url.find_last_of("/:") + 1);
  if (repository.ends_with(".git")) repository.resize(repository.size() - 4);
  if (repository.empty()) repository = project.repository().display_name();
  return deploy::modal_app_name(repository, name);
}

std::filesystem::path modal_file(project::Project& project, const std::string& name) {
  return project.places().local_folder() / "deploy" / place_name(name, 80) / "modal_app.py";
}

std::vector<DeploymentOverview> load_deployments(project::Project& project) {
  std::vector<std::string> warnings;
  const auto records = store::read_deployments(project.snapshot(), warnings);
  for (const std::string& warning : warnings) project.message("warning: " + without_controls(warning));
  if (records.empty()) return {};
  using project::DefinitionSet;
  const auto set = DefinitionSet::load(project, project::FileReading::WorkTree, project::FileMistake::Said)
                       .without_user_settings();
  std::vector<DeploymentOverview> deployments;
  for (const auto& [name, record] : records) deployments.push_back({record, compare(set, record), ""});
  ask_modal(project, deployments);
  return deployments;
}

}  // namespace changeling::deploy
