#pragma once

#include <functional>
#include <optional>
#include <set>
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

/// What an operation did to one task. The pointers are only valid while it is told.
struct TaskChange {
  /// "add", "edit" or what else edit() was told, "move", "block", "unblock", "claim", "renew", "release",
  /// "complete", "done", "drop", "remove", or "exhausted": a claim found the attempts used up.
  std::string operation;
  const queue::Task* before = nullptr;  ///< Null when the task is new.
  const queue::Task* after = nullptr;   ///< Null when it was removed.
};

/// Told after an operation is on the ref, with all that it changed: one task mostly, a hundred thousand after
/// an import.
using TaskObserver = std::function<void(const std::vector<TaskChange>& changes)>;

struct ClaimFindings;
struct ClaimRequest;
class LeaseWatch;

/// The work queue of one repository: every operation is one commit on the state ref, decided on the newest
/// records and decided anew after a lost race. Not to be shared between threads.
class TaskQueue {
 public:
  /// All must outlive the queue. `observer` may be empty.
  TaskQueue(Store& store, TaskIndex& index, const Clock& clock, TaskObserver observer = {});

  /// From now on a claim is only given once the publisher has made it known; null: everything stays here
  /// until the next sync. What ends or renews a claim is published, too, if the remote can be
  /// reached: the work has been done, and a claim that others took over meanwhile wins at the next sync. The
  /// publisher must outlive the queue.
  void publish_through(Publisher* publisher) { publisher_ = publisher; }
  /// From now on the lease of another claim counts as over only when the watch says so, not by the clock
  /// alone; null: the clock decides. The watch must outlive the queue.
  void watch_leases_with(const LeaseWatch* watch) { watch_ = watch; }
  /// Why the last operation was not published although it should have been; empty when it was.
  const std::string& unpublished() const { return unpublished_; }

  /// Validates (title, blockers exist, no cycle), gives ids to tasks that have none, and writes all in one
  /// commit; more than a few hundred go through one pack. Returns them as written. Throws Error(Conflict)
  /// when a given id is taken.
  std::vector<queue::Task> add(std::vector<queue::Task> tasks);
  /// Full id, or an unambiguous beginning. Throws Error(NotFound) or Error(Usage).
  queue::Task find(const std::string& prefix);
  /// Applies a pure edit of the content, which must not touch id, status, lease and tokens; refuses unknown
  /// blockers and cycles. `kind` names the operation: "edit". Nothing is written when nothing changes.
  queue::Task edit(const std::string& id, const std::string& kind,
                   const std::function<void(queue::Task&)>& change);
  queue::Task move(const std::string& id, queue::TaskStatus to);
  queue::Task block(const std::string& id, const std::string& reason);
  queue::Task unblock(const std::string& id);
  /// The task is settled by a word; with an attempt it is dropped. Throws as queue::closed.
  queue::Task close(const std::string& id, const queue::Closer& closer,
                    const std::optional<queue::Attempt>& dropped = std::nullopt);
  /// Other tasks no longer wait for the removed ones. Throws as queue::check_removable, and removes nothing
  /// then.
  void remove(const std::vector<std::string>& ids,
              queue::RemovalPolicy policy = queue::RemovalPolicy::Unclaimed);

  /// The best claimable task, or the named one (full id). Tasks found with all attempts used up go to blocked
  /// on the way. Throws Error(NotFound) for an unknown id.
  ClaimResult claim(const queue::ClaimFilter& filter, const queue::ClaimTerms& terms);
  ClaimResult claim(const std::string& id, const queue::ClaimTerms& terms);
  /// The best claimable tasks, at most `count` and perhaps none, best first, in one operation: either all of
  /// them are published or none is.
  std::vector<queue::Task> claim_batch(const queue::ClaimFilter& filter, const queue::ClaimTerms& terms,
                                       std::size_t count);
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
  /// Whether an operation is only this clone's until the next sync, or is published first, if that can be.
  enum class Reach { Here, Published, PublishedIfReachable };
  queue::Task apply(Reach reach, const std::string& id, const std::string& kind, const std::string& subject,
                    const std::function<queue::Task(const Snapshot&, const queue::Task&)>& rule);
  void update(Reach reach, const std::function<Operation(const Snapshot&, Change&)>& decide,
              const std::function<void(const Store::Written&)>& on_written);
  void give_ids(std::vector<queue::Task>& tasks, const std::vector<bool>& has_new_id);
  bool try_add(std::vector<queue::Task>& tasks, const std::vector<bool>& has_new_id);
  friend class ClaimCompanions;
  ClaimFindings claim_with(const ClaimRequest& request);
  ClaimFindings claim_together(const ClaimRequest& request);
  RequestBoard* claim_board();
  Turn wait_to_claim(const ClaimRequest& request);
  /// Decides on the candidates of one request but for those in `taken`.
  void find_claims(const ClaimRequest& request, const Snapshot& snapshot, const std::set<std::string>& taken,
                   ClaimFindings& findings);
  void consider(const Snapshot& snapshot, const queue::Task& task, const queue::ClaimTerms& terms,
                ClaimFindings& findings) const;
  void note_given(const queue::Task& task, Timestamp now) const;
  void notify(const std::vector<TaskChange>& changes) const;
  std::string actor() const;

  Store& store_;
  TaskIndex& index_;
  const Clock& clock_;
  TaskObserver observer_;
  Publisher* publisher_ = nullptr;
  const LeaseWatch* watch_ = nullptr;
  std::string unpublished_;
  bool idle_ = false;  ///< The last claim found nothing.
};

}  // namespace changeling::store
