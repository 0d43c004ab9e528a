#pragma once

#include <functional>

#include "work/work_order.hpp"

namespace changeling::work {

/// The command of a process that does a part of the work, see project/own_program.hpp. It prints told().
inline constexpr const char* work_part_word = "__work-part";

/// Works with order.parallel child processes at once; each has everything of its own. `wants_to_end` is asked
/// several times a second.
WorkOutcome work_in_parallel(project::Project& project, const WorkOrder& order,
                             std::function<bool()> wants_to_end);

}  // namespace changeling::work
