#pragma once

#include "project/project.hpp"
#include "queue/task.hpp"
#include "run/acceptance.hpp"

namespace changeling::run {

/// The user's work tree as the place where a task's result is checked, with this process's environment.
/// Throws Error(Refused) when the criteria need a work tree and there is none.
AcceptancePlace acceptance_place(project::Project& project, const queue::Task& task, Duration time_limit);

}  // namespace changeling::run
