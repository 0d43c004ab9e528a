#pragma once

#include <string>

#include "project/project.hpp"
#include "store/run_record.hpp"

namespace changeling::project {

/// The run that a word on the command line means: an id or its beginning, or the name of a changeling for its
/// newest run. Throws Error(NotFound), or Error(Usage) when several ids match.
store::RunRecord find_run(Project& project, const std::string& word);

/// The report that a run left on this machine.
std::optional<std::string> report_of(Project& project, const store::RunRecord& run);

}  // namespace changeling::project
