#include "view/status.hpp"

#include <filesystem>

#include "forge/accept.hpp"
#include "project/local_runs.hpp"
#include "project/notices.hpp"
#include "project/roles.hpp"
#include "project/start_limits.hpp"
#include "store/records.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "triggers/tick_files.hpp"
#include "triggers/timer_notice.hpp"
#include "view/credential.hpp"
#include "view/damage.hpp"
#include "view/deployment.hpp"
#include "view/halt.hpp"
#include "view/outbox.hpp"
#include "view/overview.hpp"
#include "view/run.hpp"

namespace changeling::view {
namespace {

void measure_worktrees(const project::Places& places, Status& status) {
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(places.worktrees(), missing)) {
    ++status.worktrees;
    status.worktree_bytes += disk_usage(entry.path());
  }
}

std::vector<RunningRun> running_runs(project::Project& project, Timestamp now) {
  std::vector<RunningRun> running;
  for (store::RunRecord& run : project.run_index().open()) {
    RunningRun one{std::move(run), std::nullopt, false};
    one.lost = project::is_lost(project.places(), one.record, now);
    // What a leader that is gone wrote last is not what goes on.
    if (!one.lost) one.live = run::read_progress(project.places().run(one.record.id));
    if (!one.lost) one.questions = run::open_questions(project.places().run(one.record.id));
    running.push_back(std::move(one));
  }
  return running;
}

/// Reading them is what notes the damaged ones.
void note_other_damage(project::Project& project) {
  static_cast<void>(project::RoleSet::load(project, project::FileMistake::Said));
  if (project.store().exists()) project.damage().note(project.current_requests().unreadable());
}

/// As workers look at it before they claim a task, whatever that may cost.
std::string reached_cap(project::Project& project, Timestamp now) {
  const project::StartLimits limits = project::start_limits(project.repository());
  return run::broken_cap(limits.caps, 0, project.run_index(), {}, now).value_or("");
}

void read_records(project::Project& project, Timestamp now, Status& status) {
  status.spent = run::known_spending(project.current_runs(), now);
  status.cap_reached = reached_cap(project, now);
  status.running = running_runs(project, now);
  status.queue = project.tasks().current_index().counts();
  project.damage().note(project.tasks().index().unreadable());
  if (status.overviews.judged.empty()) return;
  status.last_tick = triggers::last_tick(project.environment());
  status.timer_problem = triggers::timer_problem(project, status.overviews.changelings);
}

Json to_json(project::Project& project, const RunningRun& run) {
  Json json = view::to_json(project, run.record);
  if (!run.live) return json;
  json["step"] = run.live->step;
  json["activity"] = run.live->progress.activity;
  if (run.live->progress.turns) json["turns"] = *run.live->progress.turns;
  if (run.live->progress.cost_usd) json["cost_usd"] = *run.live->progress.cost_usd;
  return json;
}

Json held_back(const triggers::Overviews& overviews) {
  Json list = Json::array();
  for (const triggers::DueChangeling& due : overviews.judged) {
    if (due.decision.verdict != triggers::Decision::Verdict::HeldBack) continue;
    list.push_back({{"changeling", due.definition.name},
                    {"scheduled_for", json_or_null(due.decision.scheduled_for)},
                    {"reason", due.decision.reason}});
  }
  return list;
}

Json queue_counts(const std::vector<std::pair<queue::TaskStatus, std::size_t>>& counts) {
  Json json = Json::object();
  for (int status = 0; status <= static_cast<int>(queue::TaskStatus::Blocked); ++status)
    json[std::string(to_string(static_cast<queue::TaskStatus>(status)))] = 0;
  for (const auto& [status, count] : counts) json[std::string(to_string(status))] = count;
  return json;
}

Json to_json(const run::MngrAgent& agent) {
  return {{"name", agent.name}, {"state", agent.state}, {"changeling", agent.changeling}, {"run", agent.run}};
}

}  // namespace

Status read_status(project::Project& project, std::vector<work::SessionRecord> sessions) {
  const Timestamp now = project.clock().now();
  Status status;
  status.sessions = std::move(sessions);
  status.overviews = triggers::load_overviews(project);
  status.missing_logins = work::held_logins(project);
  if (project.store().exists()) read_records(project, now, status);
  measure_worktrees(project.places(), status);
  status.deployments = deploy::load_deployments(project);
  status.agents = run::known_mngr_agents(project.processes(), project.environment(),
                                         project.places().local_folder() / "mngr-agents.json");
  note_other_damage(project);
  status.halt = project::find_halt(project.repository(), project.places(), project.snapshot());
  status.acceptance_remains =
      forge::remains_of_acceptance(project.repository(), project.work_tree()).has_value();
  status.notification_problems = delivery_problems(project::read_notices(project));
  status.outbox = project.places().outbox().entries();
  return status;
}

Json to_json(project::Project& project, const Status& status) {
  Json json{{"running", Json::array()},
            {"changelings", Json::array()},
            {"queue", queue_counts(status.queue)},
            {"spent_usd", {{"today", status.spent.day}, {"month", status.spent.month}}},
            {"cap_reached", status.cap_reached.empty() ? Json(nullptr) : Json(status.cap_reached)},
            {"worktrees", {{"count", status.worktrees}, {"bytes", status.worktree_bytes}}},
            {"agents", Json::array()},
            {"deployments", Json::array()},
            {"outbox", Json::array()},
            {"sessions", Json::array()},
            {"missing_logins", Json::array()},
            {"damaged", to_json(project.damage())},
            {"held_back", held_back(status.overviews)},
            {"last_tick", json_or_null(status.last_tick)},
            {"timer_problem", status.timer_problem.empty() ? Json(nullptr) : Json(status.timer_problem)},
            {"notification_problems", status.notification_problems},
            {"halt", to_json(status.halt)}};
  for (const RunningRun& run : status.running) json["running"].push_back(to_json(project, run));
  for (const auto& overview : status.overviews.changelings) json["changelings"].push_back(to_json(overview));
  for (const run::MngrAgent& agent : status.agents.agents) json["agents"].push_back(to_json(agent));
  for (const auto& deployment : status.deployments) json["deployments"].push_back(to_json(deployment));
  for (const project::OutboxEntry& entry : status.outbox) json["outbox"].push_back(to_json(entry));
  for (const work::HeldLogin& held : status.missing_logins) json["missing_logins"].push_back(to_json(held));
  for (const work::SessionRecord& session : status.sessions)
    json["sessions"].push_back(work::to_json(session));
  return json;
}

}  // namespace changeling::view
