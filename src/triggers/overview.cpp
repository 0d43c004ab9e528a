#include "triggers/overview.hpp"

#include <fmt/format.h>

#include "project/trust.hpp"
#include "run/request_states.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "triggers/due_changelings.hpp"

namespace changeling::triggers {
namespace {

/// When each can really start next, and why not sooner, by name.
struct Starts {
  std::map<std::string, triggers::DueChangeling> judged;
  std::string problem;  ///< Why nothing starts: a file on the base branch that cannot be read.
};

Starts next_starts(project::Project& project) {
  Starts starts;
  if (!project.store().exists()) return starts;
  try {
    for (triggers::DueChangeling& due : triggers::judge_schedules(project, project.clock().now())) {
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
std::optional<ChangelingOverview> describe(project::Project& project, const project::DefinitionSet& set,
                                           const std::string& name, const project::Approvals& approvals,
                                           const Starts& starts, std::string& warning,
                                           store::DamagedRecords& damaged) {
  std::optional<ChangelingOverview> overview;
  const auto read = [&] {
    Resolved resolved = set.resolve(name);
    const bool trusted =
        project::standing_for_list(approvals, project::changeling_subject(set, resolved.definition), warning)
            .trusted();
    overview.emplace(ChangelingOverview{std::move(resolved.definition), resolved.source, trusted,
                                        std::nullopt, "", std::nullopt});
    if (!overview->definition.schedule.empty()) overview->held_back = starts.problem;
    const auto judged = starts.judged.find(name);
    if (judged == starts.judged.end()) return;
    overview->next_run = judged->second.next_start;
    overview->held_back = triggers::why_held_back(judged->second);
  };
  if (set.state_layer(name) == nullptr || set.in_file(name)) {
    try {
      read();
    } catch (const Error& error) {
      project.damage().note_in_file(project::definitions_file_name, error);
      return std::nullopt;
    }
  } else if (!store::read_or_note(store::definition_path(name), &damaged, read)) {
    return std::nullopt;
  }
  return overview;
}

}  // namespace

std::vector<ChangelingOverview> load_overviews(project::Project& project) {
  const project::DefinitionSet set =
      project::DefinitionSet::load(project, project::FileReading::WorkTree, project::FileMistake::Said);
  const store::RunIndex* runs = project.store().exists() ? &project.current_runs() : nullptr;
  const run::RequestStates requests(project);
  const Starts starts = next_starts(project);
  const project::Approvals approvals = project::open_approvals(project);
  std::string warning;
  store::DamagedRecords damaged;
  std::vector<ChangelingOverview> overviews;
  for (const std::string& name : set.names()) {
    auto described = describe(project, set, name, approvals, starts, warning, damaged);
    if (!described) continue;
    ChangelingOverview& overview = *described;
    if (runs != nullptr) overview.last_run = runs->newest(name);
    if (overview.last_run) requests.fill(*overview.last_run);
    overviews.push_back(std::move(overview));
  }
  project.damage().note(damaged);
  if (!warning.empty()) project.message(warning);
  return overviews;
}

}  // namespace changeling::triggers
