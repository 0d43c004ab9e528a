#pragma once

#include <string>

#include "project/project.hpp"
#include "store/run_record.hpp"

namespace changeling::project {

/// The run that a word on the command line means: an id or its beginning, or the name of a changeling for its
/// newest run. Throws Error(NotFound), or Error(Usage) when several ids match.
store::RunRecord find_run(Project& project, const std::string& word);

/// For a name that no run was found under. Throws Error(NotFound) with the nearest one unless a changeling or
/// a role is called so, or was when it ran.
void require_name_of_runs(Project& project, const std::string& name);

/// The report that a run left on this machine.
std::optional<std::string> report_of(Project& project, const store::RunRecord& run);

}  // namespace changeling::project
