#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "project/trust.hpp"
#include "queue/criteria.hpp"

namespace changeling::project {

/// Tells whether the user of this machine has approved a command line: by itself, or with the role that
/// demands it of all its tasks (may be empty). What cannot be found out is not approved. The project must
/// outlive the function.
queue::IsApproved approved_criteria(Project& project, const std::string& role);

/// What the user writes into a task here is approved by that, but for what was `known` before, and not inside
/// a run: there an agent writes. Says what could not be approved.
void approve_criteria(Project& project, const std::vector<queue::Criterion>& written,
                      const std::vector<queue::Criterion>& known);

/// The command lines of all tasks that are not done, each once, in the order of the tasks.
std::vector<ApprovalSubject> criterion_subjects(Project& project);

/// Says which command lines of a task nobody has approved here, and what to type.
void say_unapproved(const std::vector<std::string>& lines, const std::function<void(std::string_view)>& say);

}  // namespace changeling::project
