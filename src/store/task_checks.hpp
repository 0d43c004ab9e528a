#pragma once

#include <string>
#include <vector>

#include "queue/task.hpp"
#include "store/store.hpp"

namespace changeling::store {

/// Brings a task into the form that is written: one-line title, sorted sets, a reason when blocked. Throws
/// Error(Invalid) for an empty title, an id that cannot be one, and a task in flight without a lease.
void normalize(queue::Task& task);

/// Throws Error(NotFound) when a blocker of one of the tasks is neither among them nor in the snapshot, and
/// Error(Refused) when they wait for each other in a circle.
void check_blockers(const Snapshot& snapshot, const std::vector<const queue::Task*>& tasks);

/// Throws Error(NotFound) when a parent, or the task that one was discovered from, is neither among them nor
/// in the snapshot, and Error(Refused) when a task would be a part of itself.
void check_links(const Snapshot& snapshot, const std::vector<const queue::Task*>& tasks);

/// Those of the task's blockers that are not done (or do not exist), read from the records.
std::vector<std::string> open_blockers(const Snapshot& snapshot, const queue::Task& task);

/// Throws Error(NotFound) with the way to the list.
queue::Task require_task(const Snapshot& snapshot, const std::string& id);

/// The title, cut to what fits into the subject of a commit.
std::string short_title(const queue::Task& task);

}  // namespace changeling::store
