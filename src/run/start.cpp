#include "run/start.hpp"

#include <fmt/format.h>

#include "project/own_program.hpp"
#include "project/sharing.hpp"
#include "run/outbox_delivery.hpp"
#include "run/start_rules.hpp"
#include "run/start_triggers.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"

namespace changeling::run {
namespace {

/// The id that the start was given, or a new one when it has none or its run exists already: GitHub repeats
/// a workflow with the same inputs.
std::string id_for(project::Project& project, const RunOrder& order) {
  if (order.run_id.empty()) return new_run_id();
  const bool allowed =
      order.run_id.size() >= 5 && order.run_id.size() <= 64 &&
      order.run_id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos;
  if (!allowed) {
    throw Error(ErrorKind::Usage,
                fmt::format("--id: '{}' is not 5 to 64 small letters and digits", order.run_id),
                "leave it out for a new one");
  }
  if (!order.hand_over.empty() || !store::read_run(project.snapshot(), order.run_id)) return order.run_id;
  project.message(fmt::format("there is a run {} already; this one gets an id of its own", order.run_id));
  return new_run_id();
}

/// What was typed for this run is the user's own act, but an agent of `.changelings.toml` is only named by
/// it: the command line behind the name came with the repository.
void refuse_unseen_agent(const project::DefinitionSet& set, const Definition& stored,
                         const RunRequest& request) {
  const std::string& agent = request.definition.agent;
  if (agent == stored.agent || !set.file_agents().contains(agent)) return;
  throw Error(ErrorKind::Refused,
              fmt::format("--agent {}: what it starts stands in {}, and you have not approved it for {}",
                          agent, project::definitions_file_name, stored.name),
              fmt::format("git changeling update {0} --agent {1}, look at it, and: git changeling trust {0}",
                          stored.name, agent));
}

/// The same holds of sub-agents and skills that are only named here. Those of the definition may go along.
void refuse_unseen_equipment(const project::Approvals& approvals, const Definition& stored,
                             const RunRequest& request) {
  if (!project::brings_unseen(approvals, stored.equipment, request.definition.equipment)) return;
  throw Error(ErrorKind::Refused, "a sub-agent or skill that was named for this run is not trusted here",
              "look at it and approve it: git changeling trust --list");
}

void announce_skipped(project::Project& project, const RunOrder& order, const std::string& reason) {
  if (order.trigger == manual_trigger) return;
  project.announce("trigger:skipped",
                   {{"changeling", order.changeling}, {"trigger", order.trigger}, {"reason", reason}});
}

}  // namespace

PreparedStart prepare_start(project::Project& project, const RunOrder& order) {
  using project::FileReading;
  const auto reading = is_unattended(order.trigger) ? FileReading::BaseBranch : FileReading::WorkTree;
  PreparedStart start{project::DefinitionSet::load(project, reading), {}};
  RunRequest& request = start.request;
  request.definition = start.set.resolve(order.changeling, order.overrides).definition;
  request.agent = start.set.agent(request.definition.agent);
  project::require_equipment(request.definition.equipment, request.agent.name, ErrorKind::Refused);
  for (const auto& [key, value] : order.overrides.values) request.overrides.push_back(key);
  request.run_id = id_for(project, order);
  request.trigger = order.trigger;
  request.retry_of = order.retry_of;
  request.scheduled_for = order.scheduled_for;
  request.interactive = order.interactive;
  request.hand_over = order.hand_over;
  request.occasion = order.occasion;
  return start;
}

std::optional<NotTrusted> check_gate(project::Project& project, const RunOrder& order,
                                     const PreparedStart& start) {
  project.require_state();
  const Definition stored = start.set.resolve(order.changeling).definition;
  const project::Approvals approvals = project::open_approvals(project);
  project::Standing standing =
      project::standing_of(approvals, project::changeling_subject(start.set, stored));
  if (!standing.trusted()) {
    announce_skipped(project, order, project::not_trusted(standing).what());
    return NotTrusted{std::move(standing)};
  }
  refuse_unseen_agent(start.set, stored, start.request);
  refuse_unseen_equipment(approvals, stored, start.request);
  return std::nullopt;
}

namespace {

/// For what ends with a proposal.
const project::Services& services_to_propose(project::Project& project) {
  const project::Services& services = project.services();
  services.forge.require_usable();
  return services;
}

}  // namespace

std::variant<store::RunRecord, Skipped> run_here(project::Project& project, const RunRequest& request,
                                                 const Observer& observer) {
  catch_interrupts();
  outlive_readers();
  auto result = execute_run(services_to_propose(project), observer, request);
  project::share_quietly(project);
  return result;
}

std::variant<store::RunRecord, Skipped> begin_here(project::Project& project, const RunRequest& request,
                                                   const Observer& observer) {
  auto result = begin_run(services_to_propose(project), observer, request);
  project::share_quietly(project);
  return result;
}

store::RunRecord hand_over_here(project::Project& project, const RunRequest& request,
                                const Observer& observer) {
  catch_interrupts();
  return execute_begun_run(project.services(), observer, request);
}

std::variant<Started, Skipped> run_in_background(project::Project& project, const RunOrder& order,
                                                 const RunRequest& request) {
  RunOrder told = order;
  told.run_id = request.run_id;
  Command command = project::own_program(project, lead_run_word, to_json(told));
  command.session = Session::Detached;
  if (const auto problem = start_in_background(command)) return Skipped{*problem};
  return Started{request.run_id};
}

std::variant<Started, Skipped, NotTrusted> start(project::Project& project, const RunOrder& order) {
  const PreparedStart prepared = prepare_start(project, order);
  if (auto refused = check_gate(project, order, prepared)) return std::move(*refused);
  static_cast<void>(services_to_propose(project));
  send_outbox(project, Due::OnlyDue);
  auto result = run_in_background(project, order, prepared.request);
  if (auto* skipped = std::get_if<Skipped>(&result)) return std::move(*skipped);
  return std::get<Started>(std::move(result));
}

void lead_in_background(project::Project& project, const RunOrder& order, const ReportStart& report_start) {
  project.store().mark_operations(order.marks);
  const PreparedStart start = prepare_start(project, order);
  if (const auto refused = check_gate(project, order, start))
    return report_start(project::not_trusted(refused->standing).what());
  Observer observer;
  // The record is there once the step after "begin" starts.
  observer.on_step = [&](Step step) {
    if (step != Step::Begin) report_start("");
  };
  observer.stop_requested = interrupted;
  catch_interrupts();
  outlive_readers();
  const auto result = execute_run(services_to_propose(project), observer, start.request);
  if (const auto* skipped = std::get_if<Skipped>(&result)) report_start(skipped->reason);
  project::share_quietly(project);
}

}  // namespace changeling::run
