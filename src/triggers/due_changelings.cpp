#include "triggers/due_changelings.hpp"

#include <fmt/format.h>

#include "project/definitions.hpp"
#include "project/local_runs.hpp"
#include "project/missing_logins.hpp"
#include "project/spread.hpp"
#include "project/start_limits.hpp"
#include "project/trust.hpp"
#include "run/live_run.hpp"
#include "run/spending.hpp"
#include "run/start_rules.hpp"
#include "store/deployment_record.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::triggers {
namespace {

/// At once when this machine has the run's files, else when its time is over.
bool is_dead(const project::Places& places, const store::RunRecord& run, Timestamp now) {
  if (project::is_lost(places, run, now)) return true;
  return std::filesystem::exists(places.run(run.id).folder) && !project::is_alive(places, run.id);
}

/// As a run of the schedule would begin.
store::RunRecord next_run(const Definition& definition, const store::RunHistory& runs) {
  store::RunRecord record;
  record.changeling = definition.name;
  record.trigger = run::schedule_trigger;
  record.reserved_usd = run::reservation(definition, runs);
  return record;
}

/// What all decisions of one judgement share.
struct Judgement {
  project::Project& project;
  Timestamp now;
  project::DefinitionSet set;
  store::Snapshot snapshot;
  const store::RunHistory& runs;
  project::Approvals approvals;
  project::StartLimits limits;
  std::vector<std::string> warnings;
  std::map<std::string, store::DeploymentRecord> deployments;
};

/// A cap or pause, else a login that is missing.
struct Barrier {
  std::string reason;
  std::optional<Timestamp> until;
};

Barrier barrier_of(const Judgement& judgement, const run::StartGround& ground, const Definition& definition) {
  const store::RunRecord next = next_run(definition, judgement.runs);
  if (auto reason = run::find_barrier(ground, next, definition.daily_budget_usd))
    return {std::move(*reason), run::barrier_end(ground, next, definition.daily_budget_usd)};
  const auto missing =
      project::MissingLogins(judgement.project.environment()).find(judgement.set.agent(definition.agent));
  if (missing && missing->holds(judgement.now)) return {missing->reason, missing->tried_again_at};
  return {};
}

DueChangeling judge(Judgement& judgement, const Definition& definition) {
  project::Project& project = judgement.project;
  const store::RunHistory& runs = judgement.runs;
  std::string warning;
  const project::Standing standing = project::standing_for_list(
      judgement.approvals, project::changeling_subject(judgement.set, definition), warning);
  if (!warning.empty()) judgement.warnings.push_back(warning);
  const auto deployment = judgement.deployments.find(definition.name);
  const run::StartGround ground{
      project.repository(), project.places(), judgement.limits, judgement.snapshot, runs, judgement.now};
  Barrier barrier = barrier_of(judgement, ground, definition);
  const auto approved_at = standing.trusted() ? std::optional(standing.approval->approved_at) : std::nullopt;
  const triggers::ScheduleFacts facts{
      definition,
      project::schedule_of(project, definition),
      approved_at,
      std::move(barrier.reason),
      deployment == judgement.deployments.end() ? "" : std::string(to_string(deployment->second.target)),
      runs.around_schedule(definition.name, approved_at.value_or(Timestamp{})),
      [&](const store::RunRecord& run) { return is_dead(project.places(), run, judgement.now); },
      barrier.until};
  return {definition,
          triggers::decide(facts, judgement.now),
          triggers::standing_obstacle(facts),
          standing.trusted(),
          facts.barrier,
          facts.barrier_until,
          triggers::next_start(facts, judgement.now)};
}

}  // namespace

std::string why_held_back(const DueChangeling& due) {
  if (!due.definition.enabled || !due.trusted) return "";
  if (!due.barrier.empty()) return due.barrier;
  const bool held = due.decision.verdict == triggers::Decision::Verdict::HeldBack;
  return held || !due.next_start ? due.decision.reason : "";
}

std::string held_back_lines(const std::map<std::string, std::vector<std::string>>& names_by_reason,
                            std::string_view indent) {
  std::string text;
  for (const auto& [reason, names] : names_by_reason)
    text += fmt::format("{}{} {} held back: {}\n", indent, without_controls(join(names, ", ")),
                        names.size() == 1 ? "is" : "are", without_controls(reason));
  return text;
}

std::vector<DueChangeling> judge_schedules(project::Project& project, Timestamp now) {
  const store::RunIndex& runs = project.current_runs();
  const store::Snapshot snapshot = project.snapshot();
  Judgement judgement{project,
                      now,
                      project::DefinitionSet::load(project, project::FileReading::BaseBranch),
                      snapshot,
                      runs,
                      project::open_approvals(project),
                      project::start_limits(project.repository()),
                      {},
                      {}};
  judgement.deployments = store::read_deployments(snapshot, judgement.warnings);
  std::vector<DueChangeling> judged;
  for (const std::string& name : judgement.set.names()) {
    Definition definition;
    definition.name = name;
    try {
      definition = judgement.set.resolve(name).definition;
      if (definition.schedule.empty()) continue;
      judged.push_back(judge(judgement, definition));
    } catch (const std::exception& error) {
      // One that cannot be read must not keep the others from their times.
      triggers::Decision decision;
      decision.reason = error.what();
      judged.push_back({std::move(definition), std::move(decision)});
    }
  }
  for (const std::string& warning : judgement.warnings) project.message("warning: " + warning);
  return judged;
}

}  // namespace changeling::triggers
