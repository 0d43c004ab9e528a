#pragma once

#include <chrono>

#include "project/project.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// Asks the process that leads the run here to end it, and returns before it has; does nothing when nobody
/// leads it. Throws Error(Refused) when the run was started on another machine or in another clone.
void ask_to_stop(project::Project& project, const store::RunRecord& run);

/// Waits until nobody leads the run here; what a leader that was killed before has left is put in order.
/// Gives its record as it is then. Throws Error(Unavailable) when it goes on for longer than `patience`.
store::RunRecord wait_for_end(project::Project& project, const store::RunRecord& run,
                              std::chrono::milliseconds patience);

}  // namespace changeling::run
