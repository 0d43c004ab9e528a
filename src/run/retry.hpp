#pragma once

#include "project/project.hpp"
#include "run/run_order.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// The order that runs the changeling of a finished or lost run again. Throws Error(Refused) with what to do
/// instead for a run that goes on, and for one that worked on a task.
RunOrder order_to_retry(project::Project& project, const store::RunRecord& run);

}  // namespace changeling::run
