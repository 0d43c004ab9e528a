#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "queue/rules.hpp"
#include "queue/task.hpp"
#include "store/task_index.hpp"

namespace changeling::store {

/// Nothing to claim.
struct Empty {};
/// A named task cannot be claimed now, with a sentence why.
struct Unclaimable {
  std::string reason;
};
using ClaimResult = std::variant<queue::Task, Empty, Unclaimable>;

/// Told after an operation is on the ref, with the task as it is now and as it was (nothing when it is new).
using TaskObserver =
    std::function<void(const std::string& operation, const queue::Task* before, const queue::Task* after)>;

/// The work queue of one repository: every operation is one commit on the state ref, decided on the newest
/// records and decided anew after a lost race. Not to be shared between threads.
class TaskQueue {
 public:
  /// All must outlive the queue. `observer` may be empty.
  TaskQueue(Store& store, TaskIndex& index, const Clock& clock, TaskObserver observer = {});

  /// Validates (title, blockers exist, no cycle), gives ids to tasks that have none, and writes all in one
  /// commit; more than a few hundred go through one pack. Returns them as written.
  std::vector<queue::Task> add(std::vector<queue::Task> tasks);
  /// Full id, or an unambiguous beginning. Throws Error(NotFound) or Error(Usage).
  queue::Task find(const std::string& prefix);
  /// Applies a pure edit; checks moves of status are not made here and that no cycle appears.
  queue::Task edit(const std::string& id, const std::string& kind,
                   const std::function<void(queue::Task&)>& change);
  queue::Task move(const std::string& id, queue::TaskStatus to);
  void remove(const std::vector<std::string>& ids);

  /// The best claimable task, or the named one.
  ClaimResult claim(const queue::ClaimFilter& filter, const queue::ClaimTerms& terms);
  ClaimResult claim(const std::string& id, const queue::ClaimTerms& terms);
  queue::Task renew(const std::string& id, std::int64_t token, Duration lease);
  queue::Task release(const std::string& id, std::int64_t token, const queue::Attempt& attempt,
                      std::int64_t most_attempts);
  queue::Task complete(const std::string& id, std::int64_t token, const queue::CompletionCheck& check,
                       std::vector<queue::Artifact> artifacts);

  TaskIndex& index() { return index_; }
  /// The index brought up to the newest state.
  TaskIndex& current_index();
  Store& store() { return store_; }

 private:
  Store& store_;
  TaskIndex& index_;
  const Clock& clock_;
  TaskObserver observer_;
};

}  // namespace changeling::store
