#pragma once

#include <string>
#include <vector>

#include "project/project.hpp"
#include "queue/task.hpp"

// What is written into tasks, for everybody who lets people write them.
namespace changeling::project {

/// The status that a new task may have. Throws Error(Usage): it is nobody's yet, and being blocked needs a
/// reason.
queue::TaskStatus first_status(queue::TaskStatus wanted);

/// Full ids for links that may have been abbreviated. A link that the task had `before` may stay even if it
/// leads nowhere any more: nobody has named it now. Throws as store::TaskQueue::find.
void complete_links(Project& project, const queue::Task& before, queue::Task& task);

/// What every task of the role must fulfil; nothing for a role that is not there. Whoever works on the task
/// asks the role again.
std::vector<queue::Criterion> criteria_of_role(Project& project, const std::string& role);

/// Lets the criteria follow a change of the role: those of the one before go, those of the new one come.
/// Those that were just `given` stay.
void follow_role(Project& project, const queue::Task& before, queue::Task& task, bool given);

/// Keeps a task from being worked on: by a status with a reason, by tasks that come first, or both. Throws
/// Error(Usage) for neither.
queue::Task block_task(Project& project, const std::string& id, const std::string& reason,
                       const std::vector<std::string>& by);
/// Takes that back; with `by` only the named tasks need not be done first.
queue::Task unblock_task(Project& project, const std::string& id, const std::vector<std::string>& by);

/// The full id for the beginning of one, also of a task that has been removed if it is written in full.
std::string full_task_id(Project& project, const std::string& prefix);

/// Opens the gates of a task that wait for a person, and shares that.
queue::Task approve_task(Project& project, const std::string& id);

}  // namespace changeling::project
