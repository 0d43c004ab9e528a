#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/repository.hpp"
#include "queue/task.hpp"
#include "store/history.hpp"
#include "store/store.hpp"
#include "store/task_queue.hpp"

namespace changeling::store {

/// A file of the state as it is now and as it would be after taking an operation back; nothing where it does
/// not exist.
struct RestoredFile {
  std::string path;
  std::optional<std::string> now;
  std::optional<std::string> then;
};

/// Why these files must not be brought back, from what they hold: a run that runs or would run again, a task
/// that is claimed, a pull request whose branch has been merged. Throws Error(Refused).
void check_restorable(const std::vector<RestoredFile>& files);

/// A task before and after, for the events.
struct RestoredTask {
  std::optional<queue::Task> before;
  std::optional<queue::Task> after;
};

struct Undone {
  OperationRecord operation;  ///< What was taken back.
  std::vector<RestoredTask> tasks;
};

/// Takes an operation back with a new one of the kind "undo": every file that it changed gets its earlier
/// content. Without an id it is the last operation; taking back an "undo" does the operation again. Throws
/// Error(Refused), with the reason and what to do instead, for the beginning of the history and for a merge,
/// where a later operation changed or needs the same, and by check_restorable.
Undone undo(Store& store, const git::Repository& repository, TaskQueue& tasks,
            const std::string& prefix = "");

}  // namespace changeling::store
