#include "cli/due_changelings.hpp"

#include <fmt/format.h>

#include "cli/definitions.hpp"
#include "cli/limits.hpp"
#include "cli/spread.hpp"
#include "cli/trust.hpp"
#include "run/live_run.hpp"
#include "run/start_rules.hpp"
#include "store/deployment_record.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

/// At once when this machine has the run's files, else when its time is over.
bool is_dead(const run::Places& places, const store::RunRecord& run, Timestamp now) {
  if (run::is_lost(places, run, now)) return true;
  return std::filesystem::exists(places.run(run.id).folder) && !run::is_alive(places, run.id);
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
  Context& context;
  Timestamp now;
  DefinitionSet set;
  store::Snapshot snapshot;
  const store::RunHistory& runs;
  run::Approvals approvals;
  run::StartLimits limits;
  std::vector<std::string> warnings;
  std::map<std::string, store::DeploymentRecord> deployments;
};

DueChangeling judge(Judgement& judgement, const Definition& definition) {
  Context& context = judgement.context;
  const store::RunHistory& runs = judgement.runs;
  std::string warning;
  const Standing standing =
      standing_for_list(judgement.approvals, changeling_subject(judgement.set, definition), warning);
  if (!warning.empty()) judgement.warnings.push_back(warning);
  const auto deployment = judgement.deployments.find(definition.name);
  const run::StartGround ground{
      context.repository(), context.places(), judgement.limits, judgement.snapshot, runs, judgement.now};
  const store::RunRecord next = next_run(definition, runs);
  const auto barrier = run::find_barrier(ground, next, definition.daily_budget_usd);
  const auto approved_at = standing.trusted() ? std::optional(standing.approval->approved_at) : std::nullopt;
  const triggers::ScheduleFacts facts{
      definition,
      schedule_of(context, definition),
      approved_at,
      barrier.value_or(""),
      deployment == judgement.deployments.end() ? "" : std::string(to_string(deployment->second.target)),
      runs.around_schedule(definition.name, approved_at.value_or(Timestamp{})),
      [&](const store::RunRecord& run) { return is_dead(context.places(), run, judgement.now); },
      barrier ? run::barrier_end(ground, next, definition.daily_budget_usd) : std::nullopt};
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
    text += fmt::format("{}{} {} held back: {}\n", indent, join(names, ", "),
                        names.size() == 1 ? "is" : "are", reason);
  return text;
}

std::vector<DueChangeling> judge_schedules(Context& context, Timestamp now) {
  const store::RunIndex& runs = context.current_runs();
  const store::Snapshot snapshot = context.snapshot();
  Judgement judgement{context,
                      now,
                      DefinitionSet::load(context, FileReading::BaseBranch),
                      snapshot,
                      runs,
                      open_approvals(context),
                      start_limits(context.repository()),
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
    } catch (const Error& error) {
      // One that cannot be read must not keep the others from their times.
      triggers::Decision decision;
      decision.reason = error.what();
      judged.push_back({std::move(definition), std::move(decision)});
    }
  }
  for (const std::string& warning : judgement.warnings) context.message("warning: " + warning);
  return judged;
}

}  // namespace changeling::cli
