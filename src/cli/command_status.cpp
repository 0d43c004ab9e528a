#include <fmt/format.h>

#include "cli/changeling_overview.hpp"
#include "cli/declarations.hpp"
#include "cli/deployments.hpp"
#include "cli/due_changelings.hpp"
#include "cli/roles.hpp"
#include "cli/run_lookup.hpp"
#include "cli/run_text.hpp"
#include "cli/session_text.hpp"
#include "cli/syntax.hpp"
#include "cli/task_text.hpp"
#include "cli/tick_files.hpp"
#include "cli/timer_notice.hpp"
#include "cli/user_repositories.hpp"
#include "forge/accept.hpp"
#include "run/halt.hpp"
#include "run/live_run.hpp"
#include "run/mngr_agents.hpp"
#include "run/spending.hpp"
#include "store/records.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

struct Worktrees {
  std::size_t count = 0;
  std::uint64_t bytes = 0;
};

Worktrees measure_worktrees(const run::Places& places) {
  Worktrees all;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(places.worktrees(), missing)) {
    ++all.count;
    all.bytes += disk_usage(entry.path());
  }
  return all;
}

Json running_to_json(Context& context, const store::RunRecord& run,
                     const std::optional<run::LiveProgress>& live) {
  Json json = run_to_json(context, run);
  if (!live) return json;
  json["step"] = live->step;
  json["activity"] = live->progress.activity;
  if (live->progress.turns) json["turns"] = *live->progress.turns;
  if (live->progress.cost_usd) json["cost_usd"] = *live->progress.cost_usd;
  return json;
}

/// Where a run goes on that this machine does not lead.
std::string place_of(Context& context, const store::RunRecord& run) {
  const bool lost = run::is_lost(context.places(), run, context.clock().now());
  return fmt::format("{}: {}", lost ? "lost" : "elsewhere", run.host);
}

Json outbox_to_json(const run::OutboxEntry& entry) {
  return {{"run", entry.proposal.run},
          {"changeling", entry.proposal.changeling},
          {"branch", entry.proposal.branch},
          {"since", format_timestamp(entry.created_at)},
          {"tries", entry.tries},
          {"next_try", format_timestamp(entry.next_try)},
          {"error", entry.error}};
}

/// What comes of the schedules, and whether anything looks after them.
struct ScheduleState {
  Json held_back = Json::array();
  std::optional<Timestamp> last_tick;
  std::string timer_problem;
  std::string text;
};

ScheduleState state_of_schedules(Context& context, const std::vector<ChangelingOverview>& overviews,
                                 Timestamp now) {
  ScheduleState state;
  if (!context.store().exists()) return state;
  std::vector<DueChangeling> judged;
  try {
    judged = judge_schedules(context, now);
  } catch (const Error& error) {
    state.text = fmt::format("  nothing is started: {}\n", error.what());
    return state;
  }
  if (judged.empty()) return state;
  std::map<std::string, std::vector<std::string>> held;
  for (const DueChangeling& due : judged) {
    const bool has_come = due.decision.verdict == triggers::Decision::Verdict::HeldBack;
    const std::string reason = has_come ? due.decision.reason : why_held_back(due);
    if (!reason.empty()) held[reason].push_back(due.definition.name);
    if (!has_come) continue;
    state.held_back.push_back({{"changeling", due.definition.name},
                               {"scheduled_for", json_or_null(due.decision.scheduled_for)},
                               {"reason", due.decision.reason}});
  }
  state.text = held_back_lines(held, "  ");
  state.last_tick = last_tick(context.environment());
  state.timer_problem = timer_problem(context, overviews);
  if (!state.timer_problem.empty()) state.text += fmt::format("  {}\n", state.timer_problem);
  return state;
}

using TaskCounts = std::vector<std::pair<queue::TaskStatus, std::size_t>>;

Json queue_counts(const TaskCounts& counts) {
  Json json = Json::object();
  for (int status = 0; status <= static_cast<int>(queue::TaskStatus::Blocked); ++status)
    json[std::string(to_string(static_cast<queue::TaskStatus>(status)))] = 0;
  for (const auto& [status, count] : counts) json[std::string(to_string(status))] = count;
  return json;
}

/// "3 ready, 1 in_flight", or nothing for an empty queue.
std::string queue_line(const TaskCounts& counts, const Terminal& terminal) {
  std::vector<std::string> parts;
  for (const auto& [status, count] : counts) {
    if (count == 0) continue;
    parts.push_back(
        styled(fmt::format("{} {}", count, to_string(status)), status_style(status), terminal.color));
  }
  return join(parts, ", ");
}

Answer status(Context& context) {
  const Timestamp now = context.clock().now();
  const Terminal& terminal = context.terminal();
  const auto sessions = load_sessions(context);
  const store::Snapshot snapshot = context.snapshot();
  const auto overviews = load_overviews(context);
  std::vector<store::RunRecord> open;
  run::Spent spent;
  if (context.store().exists()) {
    const store::RunIndex& runs = context.current_runs();
    open = runs.open();
    spent = run::known_spending(runs, now);
  }
  const Worktrees worktrees = measure_worktrees(context.places());
  const auto counts = context.store().exists() ? context.tasks().current_index().counts() : TaskCounts{};
  if (context.store().exists()) context.damage().note(context.tasks().index().unreadable());
  const auto deployments = load_deployments(context);
  const auto agents = run::known_mngr_agents(context.processes(), context.environment(),
                                             context.places().local_folder() / "mngr-agents.json");

  // Reading the rest is what notes the damaged ones.
  static_cast<void>(RoleSet::load(context, FileMistake::Said));
  if (context.store().exists()) context.damage().note(context.current_requests().unreadable());

  Answer answer;
  answer.json = {{"running", Json::array()},
                 {"changelings", Json::array()},
                 {"queue", queue_counts(counts)},
                 {"spent_usd", {{"today", spent.day}, {"month", spent.month}}},
                 {"worktrees", {{"count", worktrees.count}, {"bytes", worktrees.bytes}}},
                 {"agents", Json::array()},
                 {"deployments", Json::array()},
                 {"outbox", Json::array()},
                 {"sessions", Json::array()},
                 {"damaged", context.damage().to_json()}};
  std::string running;
  for (const store::RunRecord& run : open) {
    auto live = run::read_progress(context.places().run(run.id));
    // What a leader that is gone wrote last is not what goes on.
    if (run::is_lost(context.places(), run, now)) live.reset();
    answer.json["running"].push_back(running_to_json(context, run, live));
    running +=
        fmt::format("  {}  {}  {}  {}  {}\n", styled(run.id, Style::Yellow, terminal.color), run.changeling,
                    describe_duration(now - run.started_at), live ? live->step : place_of(context, run),
                    live ? usage_text(live->progress) : "");
  }
  for (const ChangelingOverview& overview : overviews)
    answer.json["changelings"].push_back(to_json(overview));
  for (const run::MngrAgent& agent : agents.agents) {
    answer.json["agents"].push_back(
        {{"name", agent.name}, {"state", agent.state}, {"changeling", agent.changeling}, {"run", agent.run}});
  }
  for (const work::SessionRecord& session : sessions)
    answer.json["sessions"].push_back(work::to_json(session));
  const auto heading = [&](std::string_view text) {
    return styled(text, Style::Bold, terminal.color) + "\n";
  };
  const auto halt = run::find_halt(context.repository(), context.places(), snapshot);
  answer.json["halt"] = halt ? Json{{"reason", halt->reason}, {"undo", halt->undo}} : Json(nullptr);
  if (halt) {
    answer.text += fmt::format("{}: {}\nUndo it: {}\n\n", styled("Off", Style::Red, terminal.color),
                               halt->reason, halt->undo);
  }
  if (forge::remains_of_acceptance(context.repository(), context.work_tree())) {
    answer.text +=
        "A `review accept` was killed before its end; finish it: git changeling review accept NUMBER\n\n";
  }
  answer.text += heading("Running") + (running.empty() ? "  nothing\n" : running) + "\n";
  if (const std::string line = queue_line(counts, terminal); !line.empty())
    answer.text += heading("Queue") + "  " + line + "\n\n";
  if (const std::string lines = sessions_text(sessions, terminal, now); !lines.empty())
    answer.text += heading("Workers") + lines + "\n";
  if (!overviews.empty())
    answer.text += overviews_table(overviews, terminal, now) + untrusted_notice(overviews, terminal) +
                   last_runs_notice(overviews) + "\n";
  const ScheduleState schedules = state_of_schedules(context, overviews, now);
  answer.json["held_back"] = schedules.held_back;
  answer.json["last_tick"] = json_or_null(schedules.last_tick);
  answer.json["timer_problem"] =
      schedules.timer_problem.empty() ? Json(nullptr) : Json(schedules.timer_problem);
  if (!schedules.text.empty()) answer.text += heading("Schedules") + schedules.text + "\n";
  if (!agents.agents.empty()) {
    const auto age = std::filesystem::file_time_type::clock::now() - agents.asked_at;
    answer.text += heading(fmt::format(
        "Agents of mngr, {} ago", describe_duration(std::chrono::duration_cast<std::chrono::seconds>(age))));
    for (const run::MngrAgent& agent : agents.agents) {
      answer.text += fmt::format("  {}  {}  {}\n", agent.name, agent.state, agent.changeling);
    }
    answer.text += "\n";
  }
  for (const DeploymentOverview& deployment : deployments)
    answer.json["deployments"].push_back(to_json(deployment));
  if (const std::string lines = deployments_text(deployments, terminal, now); !lines.empty())
    answer.text += heading("Deployed") + lines + "\n";
  const auto waiting = context.places().outbox().entries();
  if (!waiting.empty()) answer.text += heading("Outbox (git changeling sync sends it)");
  for (const run::OutboxEntry& entry : waiting) {
    answer.json["outbox"].push_back(outbox_to_json(entry));
    answer.text +=
        fmt::format("  {}  {}  {}  {}\n", styled(entry.proposal.run, Style::Yellow, terminal.color),
                    entry.proposal.changeling, describe_relative(entry.created_at, now), entry.error);
  }
  if (!waiting.empty()) answer.text += "\n";
  answer.text +=
      fmt::format("Spent {} today, {} this month. {} worktree{}, {}.\n", money(spent.day), money(spent.month),
                  worktrees.count, worktrees.count == 1 ? "" : "s", byte_count(worktrees.bytes));
  if (overviews.empty() && context.damage().to_json().empty()) {
    answer.text += "\nNo changelings yet; add one: git changeling add typo-sprite\n";
  }
  return answer;
}

Answer status_of_all(Context& context) {
  Answer answer;
  answer.json = {{"repositories", Json::array()}};
  in_each_repository(context, [&](Context& there) {
    Answer one = status(there);
    one.json["repository"] = there.repository().common_directory().string();
    answer.json["repositories"].push_back(std::move(one.json));
    answer.text += fmt::format(
        "{}{}\n\n{}", answer.text.empty() ? "" : "\n",
        styled("== " + there.repository().display_name(), Style::Bold, context.terminal().color), one.text);
  });
  if (answer.text.empty()) context.message("no repository is registered");
  return answer;
}

}  // namespace

CommandSpec status_command() {
  return {"status", "Show what runs now, what comes next, money and disk", "",
          [](Syntax& syntax) -> Action {
            auto all = std::make_shared<bool>(false);
            syntax.flag("--all-repositories", *all, "Of all registered repositories");
            return [all](Context& context) {
              if (*all) return status_of_all(context);
              context.require_state();
              return status(context);
            };
          },
          Needs::Nothing};
}

}  // namespace changeling::cli
