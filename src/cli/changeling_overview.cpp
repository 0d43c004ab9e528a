#include "cli/changeling_overview.hpp"

#include <fmt/format.h>

#include "cli/due_changelings.hpp"
#include "cli/request_states.hpp"
#include "cli/run_text.hpp"
#include "cli/trust.hpp"
#include "run/reference_guard.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

/// When each can really start next, and why not sooner, by name.
struct Starts {
  std::map<std::string, DueChangeling> judged;
  std::string problem;  ///< Why nothing starts: a file on the base branch that cannot be read.
};

Starts next_starts(Context& context) {
  Starts starts;
  if (!context.store().exists()) return starts;
  try {
    for (DueChangeling& due : judge_schedules(context, context.clock().now())) {
      const std::string name = due.definition.name;
      starts.judged.emplace(name, std::move(due));
    }
  } catch (const Error& error) {
    starts.problem = error.what();
  }
  return starts;
}

/// Nothing, but a note, for a definition that can be read and yet makes no sense, such as one of a template
/// that this program does not know.
std::optional<ChangelingOverview> describe(Context& context, const DefinitionSet& set,
                                           const std::string& name, const run::Approvals& approvals,
                                           const Starts& starts, std::string& warning,
                                           store::DamagedRecords& damaged) {
  std::optional<ChangelingOverview> overview;
  const auto read = [&] {
    Resolved resolved = set.resolve(name);
    const bool trusted =
        standing_for_list(approvals, changeling_subject(set, resolved.definition), warning).trusted();
    overview.emplace(ChangelingOverview{std::move(resolved.definition), resolved.source, trusted,
                                        std::nullopt, "", std::nullopt});
    if (!overview->definition.schedule.empty()) overview->held_back = starts.problem;
    const auto judged = starts.judged.find(name);
    if (judged == starts.judged.end()) return;
    overview->next_run = judged->second.next_start;
    overview->held_back = why_held_back(judged->second);
  };
  if (set.state_layer(name) == nullptr || set.in_file(name)) {
    try {
      read();
    } catch (const Error& error) {
      context.damage().note_in_file(definitions_file_name, error);
      return std::nullopt;
    }
  } else if (!store::read_or_note(store::definition_path(name), &damaged, read)) {
    return std::nullopt;
  }
  return overview;
}

}  // namespace

std::vector<ChangelingOverview> load_overviews(Context& context) {
  const DefinitionSet set = DefinitionSet::load(context, FileReading::WorkTree, FileMistake::Said);
  const store::RunIndex* runs = context.store().exists() ? &context.current_runs() : nullptr;
  const Starts starts = next_starts(context);
  const run::Approvals approvals = open_approvals(context);
  std::string warning;
  store::DamagedRecords damaged;
  std::vector<ChangelingOverview> overviews;
  for (const std::string& name : set.names()) {
    auto described = describe(context, set, name, approvals, starts, warning, damaged);
    if (!described) continue;
    ChangelingOverview& overview = *described;
    if (runs != nullptr) overview.last_run = runs->newest(name);
    if (overview.last_run) fill_request_state(context, *overview.last_run);
    overviews.push_back(std::move(overview));
  }
  context.damage().note(damaged);
  if (!warning.empty()) context.message(warning);
  return overviews;
}

std::string untrusted_notice(const std::vector<ChangelingOverview>& overviews, const Terminal& terminal) {
  std::string text;
  for (const ChangelingOverview& overview : overviews) {
    if (overview.trusted) continue;
    text += fmt::format("{}: git changeling trust {}\n", styled("not trusted", Style::Red, terminal.color),
                        overview.definition.name);
  }
  return text.empty() ? "" : "\n" + text;
}

std::string held_back_notice(const std::vector<ChangelingOverview>& overviews) {
  std::map<std::string, std::vector<std::string>> held;
  for (const ChangelingOverview& overview : overviews) {
    if (!overview.held_back.empty()) held[overview.held_back].push_back(overview.definition.name);
  }
  return held.empty() ? "" : "\n" + held_back_lines(held, "");
}

std::string last_runs_notice(const std::vector<ChangelingOverview>& overviews) {
  std::string text;
  for (const ChangelingOverview& overview : overviews) {
    if (!overview.last_run) continue;
    const store::RunRecord& last = *overview.last_run;
    std::vector<std::string> notes;
    // The request is there all the same, so the outcome does not tell.
    if (last.pull_request && last.outcome && is_success(*last.outcome) && !last.error.empty())
      notes.push_back("says: " + last.error);
    if (!last.refused.empty()) notes.push_back("was refused " + join(last.refused, ", "));
    for (const store::MovedReference& moved : last.moved_refs)
      notes.push_back("moved " + run::describe(moved));
    if (notes.empty()) continue;
    text += fmt::format("{}: run {} {}\n", overview.definition.name, last.id, join(notes, "; "));
  }
  return text.empty() ? "" : "\n" + text;
}

Json to_json(const ChangelingOverview& overview) {
  const Definition& definition = overview.definition;
  Json last_run = nullptr;
  if (const auto& run = overview.last_run) {
    last_run = {{"id", run->id},
                {"status", to_string(run->status)},
                {"outcome", run->outcome ? Json(to_string(*run->outcome)) : Json(nullptr)},
                {"refused", run->refused},
                {"moved_refs", to_json(*run).at("moved_refs")},
                {"started_at", format_timestamp(run->started_at)},
                {"ended_at", json_or_null(run->ended_at)},
                {"pull_request", nullptr}};
    if (const auto& pull = run->pull_request)
      last_run["pull_request"] = {{"number", pull->number}, {"url", pull->url}, {"state", pull->state}};
  }
  const auto text_or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  return {{"name", definition.name},
          {"description", definition.description},
          {"template", text_or_null(definition.template_name)},
          {"agent", definition.agent},
          {"schedule", text_or_null(definition.schedule)},
          {"timezone", definition.timezone},
          {"triggers", definition.triggers},
          {"enabled", definition.enabled},
          {"trusted", overview.trusted},
          {"source", overview.source},
          {"next_run", json_or_null(overview.next_run)},
          {"held_back", text_or_null(overview.held_back)},
          {"last_run", std::move(last_run)}};
}

std::string overviews_table(const std::vector<ChangelingOverview>& overviews, const Terminal& terminal,
                            Timestamp now) {
  std::vector<std::vector<TableCell>> rows{{{"NAME", Style::Dim},
                                            {"AGENT", Style::Dim},
                                            {"SCHEDULE", Style::Dim},
                                            {"NEXT", Style::Dim},
                                            {"LAST", Style::Dim},
                                            {"DESCRIPTION", Style::Dim}}};
  for (const ChangelingOverview& overview : overviews) {
    const Definition& definition = overview.definition;
    const std::string events = join(definition.triggers, ",");
    TableCell last{"never", Style::Dim};
    if (overview.last_run)
      last = {run_state(*overview.last_run, now) + request_note(*overview.last_run),
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
