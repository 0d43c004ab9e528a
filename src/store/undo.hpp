#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/repository.hpp"
#include "queue/task.hpp"
#include "store/history.hpp"
#include "store/store.hpp"
#include "store/task_queue.hpp"
#include "store/undo_checks.hpp"

namespace changeling::store {

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

/// The operation that undo takes back: the named one, without an id next_to_undo(). Throws Error(Refused),
/// with the reason and what to do instead, where there is nothing to take back, for the beginning of the
/// history and for a merge, where a later operation changed or needs the same, and by check_restorable.
/// Without an id the hint also names the next older step that can be taken back.
OperationRecord operation_to_undo(const Store& store, const git::Repository& repository, TaskQueue& tasks,
                                  const std::string& prefix = "");

/// The undo that redo takes back, see next_to_redo(). Throws Error(Refused) where there is none, and as
/// above.
OperationRecord operation_to_redo(const Store& store, const git::Repository& repository, TaskQueue& tasks);

/// Whether another identity than the one that works here did it: whoever takes it back should mean to.
bool is_of_somebody_else(const Store& store, const OperationRecord& operation);

/// Takes the operation back with a new one of the kind "undo" (or "redo", where the operation was an undo):
/// every file that it changed gets its earlier content. Throws Error(Refused) as operation_to_undo: others
/// may have written since.
Undone take_back(Store& store, const git::Repository& repository, TaskQueue& tasks,
                 const OperationRecord& operation);

}  // namespace changeling::store
