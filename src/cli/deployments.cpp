#include "cli/deployments.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/sharing.hpp"
#include "cli/spread.hpp"
#include "cli/trust.hpp"
#include "deploy/modal_app.hpp"
#include "deploy/modal_program.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
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

DeploymentOverview::Definition compare(const DefinitionSet& set, const store::DeploymentRecord& record) {
  if (!set.contains(record.changeling)) return DeploymentOverview::Definition::Gone;
  try {
    const Definition definition = set.resolve(record.changeling).definition;
    return portable_digest(changeling_subject(set, definition)) == record.digest
               ? DeploymentOverview::Definition::Current
               : DeploymentOverview::Definition::Changed;
  } catch (const Error&) {
    return DeploymentOverview::Definition::Changed;  // It cannot even be read.
  }
}

void ask_modal(Context& context, std::vector<DeploymentOverview>& deployments) {
  const auto on_modal = [](const DeploymentOverview& deployment) {
    return deployment.record.target == store::DeploymentTarget::Modal;
  };
  if (std::none_of(deployments.begin(), deployments.end(), on_modal)) return;
  const deploy::ModalProgram modal(context.processes(), context.environment());
  if (!modal.installed()) return;
  try {
    const auto states = modal.apps(modal_patience);
    for (DeploymentOverview& deployment : deployments) {
      if (!on_modal(deployment)) continue;
      const auto state = states.find(deployment.record.app);
      deployment.app_state = state == states.end() ? "not there" : without_controls(state->second);
    }
  } catch (const Error& error) {
    context.message(fmt::format("Modal was not asked about its apps: {}", without_controls(error.what())));
  }
}

}  // namespace

Deployable load_deployable(Context& context, const std::string& name) {
  const DefinitionSet here = DefinitionSet::load(context);
  const DefinitionSet elsewhere = here.without_user_settings();
  const Definition definition = here.resolve(name).definition;
  require_trust_unattended(context, changeling_subject(here, definition));
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
    deployable.definition.schedule = schedule_of(context, deployable.definition).text();
  return deployable;
}

store::DeploymentRecord note_deployment(Context& context, store::DeploymentRecord deployment) {
  const git::Identity& actor = context.store().actor();
  deployment.deployed_by = fmt::format("{} <{}>", actor.name, actor.email);
  deployment.deployed_at = context.clock().now();
  const auto known = store::read_deployment(context.snapshot(), deployment.changeling);
  if (known && known->target == deployment.target && known->digest == deployment.digest &&
      known->workflow == deployment.workflow && known->app == deployment.app) {
    deployment = *known;
  } else {
    context.store().update(
        {fmt::format("deploy {} to {}", deployment.changeling, to_string(deployment.target)),
         "changeling.deploy",
         {{"Changeling", deployment.changeling}}},
        [&](const store::Snapshot&, store::Change& change) { write_deployment(change, deployment); });
  }
  share_quietly(context);
  return deployment;
}

void forget_deployment(Context& context, const store::DeploymentRecord& deployment) {
  context.store().update(
      {fmt::format("undeploy {} from {}", deployment.changeling, to_string(deployment.target)),
       "changeling.undeploy",
       {{"Changeling", deployment.changeling}}},
      [&](const store::Snapshot&, store::Change& change) {
        store::remove_deployment(change, deployment.changeling);
      });
  share_quietly(context);
}

store::DeploymentRecord find_deployment(Context& context, const std::string& name) {
  context.require_state();
  if (auto deployment = store::read_deployment(context.snapshot(), name)) return *deployment;
  throw Error(ErrorKind::NotFound, fmt::format("{} is not deployed anywhere", name),
              fmt::format("git changeling deploy {} --to github-actions, or --to modal", name));
}

std::string written_remote_url(Context& context) {
  if (context.remote().empty()) return "";
  return context.repository().config(fmt::format("remote.{}.url", context.remote())).value_or("");
}

std::string modal_app_of(Context& context, const std::string& name) {
  // Clones may lie in folders of any name; the remote's name is the same for all of them.
  const std::string url = written_remote_url(context);
  std::string repository = url.substr(url.find_last_of("/:") + 1);
  if (repository.ends_with(".git")) repository.resize(repository.size() - 4);
  if (repository.empty()) repository = context.repository().display_name();
  return deploy::modal_app_name(repository, name);
}

std::vector<DeploymentOverview> load_deployments(Context& context) {
  std::vector<std::string> warnings;
  const auto records = store::read_deployments(context.snapshot(), warnings);
  for (const std::string& warning : warnings) context.message("warning: " + without_controls(warning));
  if (records.empty()) return {};
  const DefinitionSet set = DefinitionSet::load(context).without_user_settings();
  std::vector<DeploymentOverview> deployments;
  for (const auto& [name, record] : records) deployments.push_back({record, compare(set, record), ""});
  ask_modal(context, deployments);
  return deployments;
}

Json to_json(const DeploymentOverview& deployment) {
  Json json = store::to_json(deployment.record);
  json["definition"] = to_string(deployment.definition);
  json["app_state"] = deployment.app_state.empty() ? Json(nullptr) : Json(deployment.app_state);
  return json;
}

std::string deployments_text(const std::vector<DeploymentOverview>& deployments, const Terminal& terminal,
                             Timestamp now) {
  std::string text;
  for (const DeploymentOverview& deployment : deployments) {
    const store::DeploymentRecord& record = deployment.record;
    text += fmt::format("  {}  {}  since {}", styled(record.changeling, Style::Bold, terminal.color),
                        to_string(record.target), describe_relative(record.deployed_at, now));
    if (!deployment.app_state.empty()) text += "  app " + deployment.app_state;
    text += "\n";
    std::string problem;
    if (deployment.definition == DeploymentOverview::Definition::Changed) {
      problem = fmt::format("definition changed since: git changeling deploy {} --to {}", record.changeling,
                            to_string(record.target));
    } else if (deployment.definition == DeploymentOverview::Definition::Gone) {
      problem =
          fmt::format("there is no such changeling any more: git changeling undeploy {}", record.changeling);
    }
    if (!problem.empty()) text += "    " + styled(problem, Style::Red, terminal.color) + "\n";
  }
  return text;
}

}  // namespace changeling::cli
