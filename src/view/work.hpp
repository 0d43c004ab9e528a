#pragma once

#include <nlohmann/json_fwd.hpp>

#include "project/project.hpp"
#include "work/work_order.hpp"

namespace changeling::view {

/// What `dispatch` and `work` answer: runs, tasks, and why the work ended.
nlohmann::json to_json(project::Project& project, const work::WorkOutcome& outcome);

}  // namespace changeling::view
