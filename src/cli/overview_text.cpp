#include "cli/overview_text.hpp"

#include <fmt/format.h>

#include "cli/run_text.hpp"
#include "run/reference_guard.hpp"
#include "support/text.hpp"
#include "triggers/due_changelings.hpp"

namespace changeling::cli {

std::string untrusted_notice(const std::vector<triggers::ChangelingOverview>& overviews,
                             const Terminal& terminal) {
  std::string text;
  for (const triggers::ChangelingOverview& overview : overviews) {
    if (overview.trusted) continue;
    text += fmt::format("{}: git changeling trust {}\n", styled("not trusted", Style::Red, terminal.color),
                        without_controls(overview.definition.name));
  }
  return text.empty() ? "" : "\n" + text;
}

std::string held_back_notice(const std::vector<triggers::ChangelingOverview>& overviews) {
  std::map<std::string, std::vector<std::string>> held;
  for (const triggers::ChangelingOverview& overview : overviews) {
    if (!overview.held_back.empty()) held[overview.held_back].push_back(overview.definition.name);
  }
  return held.empty() ? "" : "\n" + triggers::held_back_lines(held, "");
}

namespace {

/// What held the newest runs: "sandbox: bubblewrap, network: full: typo-sprite".
std::string last_walls(const std::vector<triggers::ChangelingOverview>& overviews) {
  std::map<std::string, std::vector<std::string>> names;
  for (const triggers::ChangelingOverview& overview : overviews) {
    const std::string walls = overview.last_run ? describe(overview.last_run->walls) : "";
    if (!walls.empty()) names[walls].push_back(overview.definition.name);
  }
  std::string text;
  for (const auto& [walls, held] : names)
    text += without_controls(fmt::format("{}: {}", walls, join(held, ", "))) + "\n";
  return text;
}

}  // namespace

std::string last_runs_notice(const std::vector<triggers::ChangelingOverview>& overviews) {
  std::string text;
  for (const triggers::ChangelingOverview& overview : overviews) {
    if (!overview.last_run) continue;
    const store::RunRecord& last = *overview.last_run;
    std::vector<std::string> notes;
    // The request is there all the same, so the outcome does not tell.
    if (last.pull_request && last.outcome && is_success(*last.outcome) && !last.error.empty())
      notes.push_back("says: " + last.error);
    if (!last.refused.empty()) notes.push_back("was refused " + join(last.refused, ", "));
    for (const store::MovedReference& moved : last.moved_refs)
      notes.push_back("moved " + run::describe(moved));
    if (!last.walls.refused.empty()) notes.push_back("was kept from " + join(last.walls.refused, ", "));
    if (notes.empty()) continue;
    text +=
        without_controls(fmt::format("{}: run {} {}", overview.definition.name, last.id, join(notes, "; "))) +
        "\n";
  }
  text += last_walls(overviews);
  return text.empty() ? "" : "\n" + text;
}

std::string overviews_table(const std::vector<triggers::ChangelingOverview>& overviews,
                            const Terminal& terminal, Timestamp now) {
  std::vector<std::vector<TableCell>> rows{{{"NAME", Style::Dim},
                                            {"AGENT", Style::Dim},
                                            {"SCHEDULE", Style::Dim},
                                            {"NEXT", Style::Dim},
                                            {"LAST", Style::Dim},
                                            {"DESCRIPTION", Style::Dim}}};
  for (const triggers::ChangelingOverview& overview : overviews) {
    const Definition& definition = overview.definition;
    const std::string events = join(definition.triggers, ",");
    TableCell last{"never", Style::Dim};
    if (overview.last_run)
      last = {store::run_state(*overview.last_run, now) + request_note(*overview.last_run),
              outcome_style(*overview.last_run, now)};
    std::string next = overview.next_run              ? describe_relative(*overview.next_run, now)
                       : !definition.schedule.empty() ? "held back"
                       : events.empty()               ? "-"
                                                      : "on " + events;
    TableCell start{next};
    if (!overview.trusted) start = {"not trusted", Style::Red};
    if (!definition.enabled) start = {"disabled"};
    rows.push_back({{definition.name, definition.enabled ? Style::Bold : Style::Dim},
                    {definition.agent},
                    {definition.schedule.empty() ? "-" : definition.schedule},
                    start,
                    last,
                    {definition.description}});
  }
  return format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                      terminal.color);
}

}  // namespace changeling::cli
