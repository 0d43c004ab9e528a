#pragma once

#include <functional>
#include <string>

#include "queue/task.hpp"

namespace changeling::work {

/// The branch on which an earlier run of the task left its work; empty for none.
using BranchOfRun = std::function<std::string(const std::string& run)>;

/// The task's part of an agent's prompt: title, description, criteria and earlier attempts. All of that was
/// written by others, so it stands between two lines that nobody can guess beforehand, and the agent is told
/// that it is data. Control characters are taken out, and what is too long is cut.
std::string task_section(const queue::Task& task, const BranchOfRun& branch_of_run);

/// The same with a given mark, which must not occur in the task.
std::string task_section(const queue::Task& task, const BranchOfRun& branch_of_run, const std::string& mark);

}  // namespace changeling::work
