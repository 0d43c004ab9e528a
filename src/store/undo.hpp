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
/// that is claimed, a pull request whose branch has been merged. Throws Error(Refused), with the command that
/// does take all of it back where there is one.
void check_restorable(const git::Repository& repository, const std::vector<RestoredFile>& files);

/// A task before and after, for the events.
struct RestoredTask {
  std::optional<queue::Task> before;
  std::optional<queue::Task> after;
};

struct Undone {
  OperationRecord operation;  ///< What was taken back.
  OperationRecord by;         ///< The new operation that did it.
  std::vector<RestoredTask> tasks;
};

/// Takes an operation back with a new one of the kind "undo" (or "redo", where the operation was an undo):
/// every file that it changed gets its earlier content. Without an id it is next_to_undo(). Throws
/// Error(Refused), with the reason and what to do instead, where there is nothing to take back, for the
/// beginning of the history and for a merge, where a later operation changed or needs the same, and by
/// check_restorable.
Undone undo(Store& store, const git::Repository& repository, TaskQueue& tasks,
            const std::string& prefix = "");

/// Does the newest undone operation again, see next_to_redo(). Throws Error(Refused) where there is none.
Undone redo(Store& store, const git::Repository& repository, TaskQueue& tasks);

}  // namespace changeling::store
