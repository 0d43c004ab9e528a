#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <ctime>

#include "cli/changeling_overview.hpp"
#include "cli/declarations.hpp"
#include "cli/deployments.hpp"
#include "cli/run_lookup.hpp"
#include "cli/run_text.hpp"
#include "cli/session_text.hpp"
#include "cli/task_text.hpp"
#include "run/mngr_agents.hpp"
#include "store/records.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

struct Spending {
  double today = 0;
  double month = 0;
};

/// Midnight today and on the first of the month, by the machine's clock and zone.
std::pair<Timestamp, Timestamp> local_period_starts(Timestamp now) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm local{};
  localtime_r(&seconds, &local);
  local.tm_sec = local.tm_min = local.tm_hour = 0;
  local.tm_isdst = -1;
  std::tm first = local;
  first.tm_mday = 1;
  const auto at = [](std::tm day) {
    return std::chrono::floor<Duration>(std::chrono::system_clock::from_time_t(std::mktime(&day)));
  };
  return {at(local), at(first)};
}

Spending spending(const std::vector<store::RunRecord>& runs, Timestamp now) {
  const auto [today, month] = local_period_starts(now);
  Spending spent;
  for (const store::RunRecord& run : runs) {
    const double cost = run.cost_usd.value_or(0);
    if (run.started_at >= today) spent.today += cost;
    if (run.started_at >= month) spent.month += cost;
  }
  return spent;
}

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

Json outbox_to_json(const run::OutboxEntry& entry) {
  return {{"run", entry.proposal.run},
          {"changeling", entry.proposal.changeling},
          {"branch", entry.proposal.branch},
          {"since", format_timestamp(entry.created_at)},
          {"tries", entry.tries},
          {"next_try", format_timestamp(entry.next_try)},
          {"error", entry.error}};
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
  const auto runs = read_runs(context.snapshot());
  const auto overviews = load_overviews(context);
  const Spending spent = spending(runs, now);
  const Worktrees worktrees = measure_worktrees(context.places());
  const auto counts = context.store().exists() ? context.tasks().current_index().counts() : TaskCounts{};
  const auto deployments = load_deployments(context);
  const auto agents = run::list_mngr_agents(context.processes(), context.environment());

  Answer answer;
  answer.json = {{"running", Json::array()},
                 {"changelings", Json::array()},
                 {"queue", queue_counts(counts)},
                 {"spent_usd", {{"today", spent.today}, {"month", spent.month}}},
                 {"worktrees", {{"count", worktrees.count}, {"bytes", worktrees.bytes}}},
                 {"agents", Json::array()},
                 {"deployments", Json::array()},
                 {"outbox", Json::array()},
                 {"sessions", Json::array()}};
  std::string running;
  for (const store::RunRecord& run : runs) {
    if (run.status != store::RunStatus::Running) continue;
    const auto live = run::read_progress(context.places().run(run.id));
    answer.json["running"].push_back(running_to_json(context, run, live));
    running +=
        fmt::format("  {}  {}  {}  {}  {}\n", styled(run.id, Style::Yellow, terminal.color), run.changeling,
                    describe_duration(now - run.started_at), live ? live->step : "elsewhere: " + run.host,
                    live ? usage_text(live->progress) : "");
  }
  for (const ChangelingOverview& overview : overviews)
    answer.json["changelings"].push_back(to_json(overview));
  for (const run::MngrAgent& agent : agents) {
    answer.json["agents"].push_back(
        {{"name", agent.name}, {"state", agent.state}, {"changeling", agent.changeling}, {"run", agent.run}});
  }
  for (const work::SessionRecord& session : sessions)
    answer.json["sessions"].push_back(work::to_json(session));
  const auto heading = [&](std::string_view text) {
    return styled(text, Style::Bold, terminal.color) + "\n";
  };
  answer.text += heading("Running") + (running.empty() ? "  nothing\n" : running) + "\n";
  if (const std::string line = queue_line(counts, terminal); !line.empty())
    answer.text += heading("Queue") + "  " + line + "\n\n";
  if (const std::string lines = sessions_text(sessions, terminal, now); !lines.empty())
    answer.text += heading("Workers") + lines + "\n";
  if (!overviews.empty())
    answer.text += overviews_table(overviews, terminal, now) + untrusted_notice(overviews, terminal) + "\n";
  if (!agents.empty()) {
    answer.text += heading("Agents of mngr");
    for (const run::MngrAgent& agent : agents) {
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
  answer.text += fmt::format("Spent {} today, {} this month. {} worktree{}, {}.\n", money(spent.today),
                             money(spent.month), worktrees.count, worktrees.count == 1 ? "" : "s",
                             byte_count(worktrees.bytes));
  if (!context.store().exists()) {
    answer.text += "\nNot set up yet; start with: git changeling init\n";
  } else if (overviews.empty()) {
    answer.text += "\nNo changelings yet; add one: git changeling add typo-sprite\n";
  }
  return answer;
}

}  // namespace

CommandSpec status_command() {
  return {"status", "Show what runs now, what comes next, money and disk", "",
          [](CLI::App&) -> Action { return status; }};
}

}  // namespace changeling::cli
