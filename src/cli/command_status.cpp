#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/deployments_text.hpp"
#include "cli/overview_text.hpp"
#include "cli/run_text.hpp"
#include "cli/session_text.hpp"
#include "cli/syntax.hpp"
#include "cli/task_text.hpp"
#include "cli/user_repositories.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "view/status.hpp"
#include "work/recovery.hpp"

namespace changeling::cli {
namespace {

/// "3 ready, 1 in_flight", or nothing for an empty queue.
std::string queue_line(const std::vector<std::pair<queue::TaskStatus, std::size_t>>& counts,
                       const Terminal& terminal) {
  std::vector<std::string> parts;
  for (const auto& [status, count] : counts) {
    if (count == 0) continue;
    parts.push_back(
        styled(fmt::format("{} {}", count, to_string(status)), status_style(status), terminal.color));
  }
  return join(parts, ", ");
}

std::string running_lines(const std::vector<view::RunningRun>& running, const Terminal& terminal,
                          Timestamp now) {
  std::string lines;
  for (const auto& [run, live, lost, questions] : running) {
    const std::string step = live ? live->step : fmt::format("{}: {}", lost ? "lost" : "elsewhere", run.host);
    lines += fmt::format("  {}  {}  {}  {}  {}\n", styled(run.id, Style::Yellow, terminal.color),
                         without_controls(run.changeling), describe_duration(now - run.started_at),
                         without_controls(step), live ? usage_text(live->progress) : "");
    for (const run::Question& question : questions)
      lines += fmt::format("    {} {}\n      git changeling answer {} --question {}\n",
                           styled("asks:", Style::Red, terminal.color), without_controls(question.text),
                           run.id, question.number);
  }
  return lines.empty() ? "  nothing\n" : lines;
}

/// What comes of the schedules, and whether anything looks after them.
std::string schedule_lines(const view::Status& status) {
  if (!status.overviews.problem.empty())
    return fmt::format("  nothing is started: {}\n", without_controls(status.overviews.problem));
  std::map<std::string, std::vector<std::string>> held;
  for (const triggers::DueChangeling& due : status.overviews.judged) {
    const bool has_come = due.decision.verdict == triggers::Decision::Verdict::HeldBack;
    const std::string reason = has_come ? due.decision.reason : triggers::why_held_back(due);
    if (!reason.empty()) held[reason].push_back(due.definition.name);
  }
  const std::string timer = status.timer_problem.empty() ? "" : fmt::format("  {}\n", status.timer_problem);
  return triggers::held_back_lines(held, "  ") + timer;
}

std::string agent_lines(const run::KnownMngrAgents& agents) {
  std::string lines;
  for (const run::MngrAgent& agent : agents.agents)
    lines += fmt::format("  {}  {}  {}\n", without_controls(agent.name), without_controls(agent.state),
                         without_controls(agent.changeling));
  return lines;
}

std::string agents_heading(const run::KnownMngrAgents& agents) {
  const auto age = std::filesystem::file_time_type::clock::now() - agents.asked_at;
  return fmt::format("Agents of mngr, {} ago",
                     describe_duration(std::chrono::duration_cast<std::chrono::seconds>(age)));
}

std::string outbox_lines(const std::vector<project::OutboxEntry>& outbox, const Terminal& terminal,
                         Timestamp now) {
  std::string lines;
  for (const project::OutboxEntry& entry : outbox) {
    lines += fmt::format("  {}  {}  {}  {}\n", styled(entry.proposal.run, Style::Yellow, terminal.color),
                         without_controls(entry.proposal.changeling),
                         describe_relative(entry.created_at, now), without_controls(entry.error));
  }
  return lines;
}

std::string notification_lines(const view::Status& status) {
  std::string lines;
  for (const std::string& problem : status.notification_problems)
    lines += fmt::format("  {}\n", without_controls(problem));
  return lines;
}

std::string login_lines(const std::vector<work::HeldLogin>& missing) {
  std::string lines;
  for (const work::HeldLogin& held : missing)
    lines += fmt::format("  {}\n  waiting for it: {}\n", without_controls(held.login.reason),
                         without_controls(who_waits(held)));
  return lines;
}

std::string changelings_text(const triggers::Overviews& overviews, const Terminal& terminal, Timestamp now) {
  if (overviews.changelings.empty()) return "";
  return overviews_table(overviews.changelings, terminal, now) +
         untrusted_notice(overviews.changelings, terminal) + last_runs_notice(overviews.changelings) + "\n";
}

std::string first_words(const view::Status& status, const Terminal& terminal) {
  std::string text;
  if (status.halt) {
    text += fmt::format("{}: {}\nUndo it: {}\n\n", styled("Off", Style::Red, terminal.color),
                        without_controls(status.halt->reason), status.halt->undo);
  }
  if (status.acceptance_remains)
    text += "A `review accept` was killed before its end; finish it: git changeling review accept NUMBER\n\n";
  return text;
}

std::string last_words(const view::Status& status) {
  return fmt::format("Spent {} today, {} this month. {} worktree{}, {}.\n", money(status.spent.day),
                     money(status.spent.month), status.worktrees, status.worktrees == 1 ? "" : "s",
                     byte_count(status.worktree_bytes));
}

std::string status_text(const view::Status& status, const Terminal& terminal, Timestamp now) {
  std::string text = first_words(status, terminal);
  const auto section = [&](std::string_view heading, const std::string& lines) {
    if (!lines.empty()) text += fmt::format("{}\n{}\n", styled(heading, Style::Bold, terminal.color), lines);
  };
  const std::string queue = queue_line(status.queue, terminal);
  section("Running", running_lines(status.running, terminal, now));
  section("Queue", queue.empty() ? "" : "  " + queue + "\n");
  section("Workers", sessions_text(status.sessions, terminal, now));
  section("Logins", login_lines(status.missing_logins));
  text += changelings_text(status.overviews, terminal, now);
  section("Schedules", schedule_lines(status));
  section(agents_heading(status.agents), agent_lines(status.agents));
  section("Deployed", deployments_text(status.deployments, terminal, now));
  section("Outbox (git changeling sync sends it)", outbox_lines(status.outbox, terminal, now));
  section("Notifications", notification_lines(status));
  return text + last_words(status);
}

Answer status(Context& context) {
  const view::Status status = view::read_status(context, work::current_sessions(context));
  Answer answer{view::to_json(context, status),
                status_text(status, context.terminal(), context.clock().now()), 0};
  if (status.overviews.changelings.empty() && context.damage().noted().empty())
    answer.text += "\nNo changelings yet; add one: git changeling add typo-sprite\n";
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
