#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "project/project.hpp"
#include "queue/task.hpp"
#include "run/acceptance.hpp"

namespace changeling::run {

/// What a person is told while a result is checked; both may be empty.
struct ResultCheckObserver {
  /// What holds the commands (CriteriaWalls::describe); not where there are none.
  std::function<void(std::string_view)> on_walls = {};
  std::function<void(const std::string&)> on_check = {};  ///< The criterion that is checked now.
};

/// Checks a task's criteria where its result lies: in the user's work tree, with commands held as the checks
/// of a run are. Throws Error(Refused) when the criteria need a work tree and there is none, and where a
/// sandbox is required and cannot be had.
queue::CompletionCheck check_result(project::Project& project, const queue::Task& task,
                                    const std::vector<queue::Artifact>& artifacts, Duration time_limit,
                                    const ResultCheckObserver& observer);

}  // namespace changeling::run
