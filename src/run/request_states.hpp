#pragma once

#include <vector>

#include "project/project.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// Brings the states of pull requests of the local forge, as the runs' records have noted them, up to date.
/// People merge by hand, too, which is found out here. The network is not asked.
void fill_request_states(project::Project& project, std::vector<store::RunRecord>& runs);
void fill_request_state(project::Project& project, store::RunRecord& run);

}  // namespace changeling::run
