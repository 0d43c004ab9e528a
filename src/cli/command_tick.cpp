#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/registered_repositories.hpp"
#include "schedule/local_time.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "triggers/tick.hpp"
#include "triggers/tick_files.hpp"
#include "view/tick.hpp"

namespace changeling::cli {
namespace {

using Verdict = triggers::Decision::Verdict;

struct TickOrder {
  std::string now;
  bool dry_run = false;
};

std::vector<TableCell> explain(const triggers::TickEntry& entry) {
  const triggers::Decision& decision = entry.due.decision;
  const auto& shown = decision.scheduled_for ? decision.scheduled_for : decision.next;
  const std::string time = shown ? schedule::local_date_and_time(*shown, entry.due.definition.timezone) : "-";
  const TableCell verdict = decision.verdict == Verdict::Due        ? TableCell{"due", Style::Green}
                            : decision.verdict == Verdict::HeldBack ? TableCell{"held back", Style::Yellow}
                                                                    : TableCell{"waits", Style::Dim};
  return {{entry.due.definition.name, Style::Bold}, verdict, {time}, {decision.reason}};
}

/// Every decision with its reason.
std::string explain(const std::vector<triggers::RepositoryTick>& ticks, const Terminal& terminal) {
  std::string text;
  for (const triggers::RepositoryTick& tick : ticks) {
    if (ticks.size() > 1) text += styled(tick.name, Style::Bold, terminal.color) + "\n";
    std::vector<std::vector<TableCell>> rows{
        {{"CHANGELING", Style::Dim}, {"DECISION", Style::Dim}, {"TIME", Style::Dim}, {"WHY", Style::Dim}}};
    for (const triggers::TickEntry& entry : tick.entries) rows.push_back(explain(entry));
    if (rows.size() > 1) {
      text += format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                           terminal.color);
    } else {
      text += tick.problem.empty() ? "no changeling has a schedule\n" : without_controls(tick.problem) + "\n";
    }
  }
  return text;
}

/// Only what has happened, so that cron has nothing to mail while nothing does.
std::string tell(const std::vector<triggers::RepositoryTick>& ticks) {
  std::string text;
  for (const triggers::RepositoryTick& tick : ticks) {
    if (!tick.problem.empty())
      text += without_controls(fmt::format("{}: {}", tick.name, tick.problem)) + "\n";
    for (const triggers::TickEntry& entry : tick.entries) {
      const Definition& definition = entry.due.definition;
      const auto line = [&](std::string_view what) {
        const Timestamp time = entry.missed ? *entry.missed : *entry.due.decision.scheduled_for;
        text +=
            without_controls(fmt::format("{}: {} for {}: {}", tick.name, definition.name,
                                         schedule::local_date_and_time(time, definition.timezone), what)) +
            "\n";
      };
      if (!entry.run.empty()) line("started run " + entry.run);
      if (!entry.skipped.empty()) line("not started: " + entry.skipped);
      if (entry.missed) line("missed: nobody looked at schedules then");
      if (entry.newly_held_back) line("held back: " + entry.due.decision.reason);
    }
  }
  return text;
}

Timestamp time_of(const TickOrder& order, const Clock& clock) {
  if (order.now.empty()) return clock.now();
  try {
    return parse_timestamp(order.now);
  } catch (const Error& error) {
    throw Error(ErrorKind::Usage, fmt::format("--now: {}", error.what()), error.hint());
  }
}

Answer tick(Context& context, const TickOrder& order) {
  const Timestamp now = time_of(order, context.clock());
  const triggers::TickMode mode = order.dry_run ? triggers::TickMode::Decide : triggers::TickMode::Start;
  if (mode == triggers::TickMode::Start) triggers::rotate_tick_log(context.environment());
  std::vector<triggers::RepositoryTick> ticks;
  for (const std::string& path : project::repositories_of_user(context))
    ticks.push_back(triggers::tick_elsewhere(context, path, now, mode));
  if (mode == triggers::TickMode::Start)
    triggers::write_last_tick(context.environment(), context.clock().now());
  Answer answer{view::to_json(ticks, now), order.dry_run ? explain(ticks, context.terminal()) : tell(ticks),
                0};
  if (ticks.empty())
    answer.next = "no repository is registered; in one of them: git changeling schedule install";
  return answer;
}

}  // namespace

CommandSpec tick_command() {
  return {
      "tick", "Start what schedules ask for in all registered repositories",
      "Decides from the records of runs what is due, starts it in the background and returns. This is what "
      "cron or systemd call once a minute, see git changeling schedule install; calling it more often, or "
      "twice at once, does no harm. It prints only what has happened.\n\n"
      "With --dry-run nothing is started, and every decision is explained; --now asks what would be decided "
      "at another time.",
      [](Syntax& syntax) -> Action {
        auto order = std::make_shared<TickOrder>();
        syntax.value("--now", order->now, "Decide as if it were this time (RFC 3339, 2026-11-21T03:00:00Z)")
            .value_name("TIME");
        syntax.flag("-n,--dry-run", order->dry_run, "Start nothing and explain every decision");
        return [order](Context& context) { return tick(context, *order); };
      },
      Needs::Nothing};
}

}  // namespace changeling::cli
