#include "triggers/overview.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/trust.hpp"
#include "run/request_states.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "triggers/due_changelings.hpp"

namespace changeling::triggers {
namespace {

void judge_all(project::Project& project, Overviews& overviews) {
  if (!project.store().exists()) return;
  try {
    overviews.judged = judge_schedules(project, project.clock().now());
  } catch (const Error& error) {
    overviews.problem = error.what();
  }
}

const DueChangeling* find_judged(const std::vector<DueChangeling>& judged, const std::string& name) {
  const auto found = std::lower_bound(
      judged.begin(), judged.end(), name,
      [](const DueChangeling& due, const std::string& wanted) { return due.definition.name < wanted; });
  return found == judged.end() || found->definition.name != name ? nullptr : &*found;
}

/// Nothing, but a note, for a definition that can be read and yet makes no sense, such as one of a template
/// that this program does not know.
std::optional<ChangelingOverview> describe(project::Project& project, const project::DefinitionSet& set,
                                           const std::string& name, const project::Approvals& approvals,
                                           const Overviews& all, std::string& warning,
                                           store::DamagedRecords& damaged) {
  std::optional<ChangelingOverview> overview;
  const auto read = [&] {
    Resolved resolved = set.resolve(name);
    const bool trusted =
        project::standing_for_list(approvals, project::changeling_subject(set, resolved.definition), warning)
            .trusted();
    overview.emplace(ChangelingOverview{std::move(resolved.definition), resolved.source, trusted,
                                        std::nullopt, "", std::nullopt});
    if (!overview->definition.schedule.empty()) overview->held_back = all.problem;
    const DueChangeling* judged = find_judged(all.judged, name);
    if (judged == nullptr) return;
    overview->next_run = judged->next_start;
    overview->held_back = why_held_back(*judged);
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

/// In one question for all of them.
void bring_requests_up_to_date(project::Project& project, std::vector<ChangelingOverview>& overviews) {
  std::vector<store::RunRecord> runs;
  for (const ChangelingOverview& overview : overviews) {
    if (overview.last_run) runs.push_back(*overview.last_run);
  }
  run::fill_request_states(project, runs);
  auto run = runs.begin();
  for (ChangelingOverview& overview : overviews) {
    if (overview.last_run) *overview.last_run = std::move(*run++);
  }
}

}  // namespace

Overviews load_overviews(project::Project& project) {
  const project::DefinitionSet set =
      project::DefinitionSet::load(project, project::FileReading::WorkTree, project::FileMistake::Said);
  const store::RunIndex* runs = project.store().exists() ? &project.current_runs() : nullptr;
  const project::Approvals approvals = project::open_approvals(project);
  std::string warning;
  store::DamagedRecords damaged;
  Overviews all;
  judge_all(project, all);
  for (const std::string& name : set.names()) {
    auto described = describe(project, set, name, approvals, all, warning, damaged);
    if (!described) continue;
    ChangelingOverview& overview = *described;
    if (runs != nullptr) overview.last_run = runs->newest(name);
    all.changelings.push_back(std::move(overview));
  }
  bring_requests_up_to_date(project, all.changelings);
  project.damage().note(damaged);
  if (!warning.empty()) project.message(warning);
  return all;
}

}  // namespace changeling::triggers
