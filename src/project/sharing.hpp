#pragma once

#include <memory>

#include "project/project.hpp"
#include "queue/task.hpp"
#include "store/sync.hpp"

namespace changeling::project {

/// How the state is shared with one remote. `time_limit` zero means none.
std::unique_ptr<store::Sync> open_sync(Project& project, const std::string& remote,
                                       std::chrono::milliseconds time_limit);

/// Whether claims and runs share the state by themselves: there is a remote, and changeling.autosync is not
/// false.
bool shares_by_itself(Project& project);

/// changeling.syncTimeout: what sharing may take that nobody asked for.
std::chrono::milliseconds automatic_time_limit(Project& project);

/// Both ways with the remote, for commands that work without, too: within changeling.syncTimeout, and what
/// fails is only said.
void share_quietly(Project& project);

/// Whether the task's claim is not known to the remote, so that another one may win over it.
bool is_provisional(Project& project, const queue::Task& task);

/// Says when the last operation on a task stayed here although others should know it.
void say_unpublished(Project& project);

/// Lets a plain `git fetch` bring the remote's state to its tracking reference, and keeps it away from ours.
void track_state(Project& project, const std::string& remote);

}  // namespace changeling::project
