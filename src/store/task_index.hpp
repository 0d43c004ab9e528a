#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "queue/rules.hpp"
#include "queue/task.hpp"
#include "store/store.hpp"

namespace changeling::store {

/// What a listing asks for. Empty members do not restrict.
struct TaskQuery {
  std::vector<queue::TaskStatus> statuses;
  std::string role;
  std::vector<std::string> labels;  ///< All of them.
  std::optional<queue::Priority> priority;
  std::string assignee;
  std::string text;             ///< Full-text search over title and description.
  bool only_unblocked = false;  ///< No open blocker.
  std::size_t limit = 50;       ///< 0: all.
  std::size_t offset = 0;
};

/// An SQLite file that answers questions about the tasks of one commit of the state. Disposable: when it is
/// missing, damaged, of another version, or of a commit that is gone, it is built anew without being asked.
/// The ref is the only truth; every claim is decided on the record itself.
class TaskIndex {
 public:
  /// `file` is changelings/index.sqlite in the git common folder. Opens nothing yet.
  TaskIndex(const git::Repository& repository, std::filesystem::path file);
  TaskIndex(TaskIndex&&) noexcept;
  ~TaskIndex();

  /// Brings the index from the commit it knows to the snapshot's, by the difference of the two trees.
  void follow(const Snapshot& snapshot);

  /// Ids of claimable tasks in the order of claiming: ready ones without open blockers, and those whose lease
  /// has run out at `now`. At most `limit`.
  std::vector<std::string> claimable(const queue::ClaimFilter& filter, Timestamp now, std::size_t limit);
  /// Ids in the order of claiming (priority, age, id).
  std::vector<std::string> find(const TaskQuery& query);
  std::size_t count(const TaskQuery& query);
  /// Number of tasks in each status, all seven.
  std::vector<std::pair<queue::TaskStatus, std::size_t>> counts();
  /// Ids that start with `prefix`, at most `limit`.
  std::vector<std::string> with_prefix(const std::string& prefix, std::size_t limit);
  /// Ids of the tasks that name this one in blocked_by.
  std::vector<std::string> blocked_by_this(const std::string& id);
  /// Of the ids, those whose task is not done (or does not exist).
  std::vector<std::string> open_among(const std::vector<std::string>& ids);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace changeling::store
