#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "queue/rules.hpp"
#include "queue/task.hpp"
#include "store/damaged.hpp"
#include "store/store.hpp"

namespace changeling::store {

/// The place of a task in the order of claiming.
struct TaskPosition {
  queue::Priority priority = queue::Priority::Medium;
  Timestamp created_at{};
  std::string id;
};

/// What a listing asks for. Empty members do not restrict.
struct TaskQuery {
  std::vector<queue::TaskStatus> statuses;
  std::string role;
  std::vector<std::string> labels;  ///< All of them.
  std::optional<queue::Priority> priority;
  std::string assignee;  ///< Name of the worker or agent.
  std::string text;      ///< Words, or beginnings of words, of title and description; all of them.
  /// Only those that, at this time, nothing keeps from being claimed: no open blocker, no closed gate.
  std::optional<Timestamp> unblocked_at;
  /// Only what comes behind this place, whether a task is there or not: pages stay whole while tasks come.
  std::optional<TaskPosition> after;
  std::size_t limit = 50;  ///< 0: all.
  std::size_t offset = 0;
};

/// A task as an operation left it. `task` is nothing when it was removed. The pointers are only looked
/// through.
struct WrittenTask {
  std::string id;
  const queue::Task* task = nullptr;
  const std::string* text = nullptr;  ///< The bytes of its record.
};

class RecordIndex;

/// Questions about the tasks of one commit of the state, answered by the record index, see there. Every claim
/// is decided on the record itself.
class TaskIndex {
 public:
  /// `file` is changelings/index.sqlite in the git common folder. Opens nothing yet. The store must outlive
  /// it.
  TaskIndex(const Store& store, std::filesystem::path file);
  /// The same, of a file that is open already.
  explicit TaskIndex(std::shared_ptr<RecordIndex> base);

  /// Brings the index to the newest state, by the difference of the trees, and returns that state. Everything
  /// below answers for the state of the last follow() or for a newer one.
  Snapshot follow();
  /// Brings the index forward by what its caller has just written, if it stands right before that. Otherwise,
  /// and when the file cannot be written, it does nothing: the next follow() will.
  void advance(const Store::Written& written, const std::vector<WrittenTask>& tasks);
  /// Throws everything away and follows the newest state.
  void rebuild();

  /// Ids of claimable tasks in the order of claiming: ready ones without open blockers and closed gates, and
  /// those whose lease has run out at `now`. At most `limit`.
  std::vector<std::string> claimable(const queue::ClaimFilter& filter, Timestamp now, std::size_t limit);
  /// Ids in the order of claiming (priority, age, id).
  std::vector<std::string> find(const TaskQuery& query);
  /// As find, but the records themselves (JSON), without a look into the repository.
  std::vector<std::string> records(const TaskQuery& query);
  /// Without `after`, limit and offset.
  std::size_t count(const TaskQuery& query);
  /// Number of tasks in each status, all seven.
  std::vector<std::pair<queue::TaskStatus, std::size_t>> counts();
  /// Ids that start with `prefix`, at most `limit`, sorted.
  std::vector<std::string> with_prefix(const std::string& prefix, std::size_t limit);
  /// Ids of the tasks that name this one in blocked_by.
  std::vector<std::string> blocked_by_this(const std::string& id);
  /// Ids of the tasks that name this one as their parent.
  std::vector<std::string> children_of(const std::string& id);
  /// Ids of the tasks that name this one in discovered_from.
  std::vector<std::string> discovered_from_this(const std::string& id);
  /// Ids of the tasks, not done, that wait for a person or for a check.
  std::vector<std::string> gated();
  /// Of the ids, those whose task is not done (or does not exist).
  std::vector<std::string> open_among(const std::vector<std::string>& ids);
  /// Of the ids, those that are a task's.
  std::vector<std::string> known_among(const std::vector<std::string>& ids);
  /// The files below items/ that cannot be read as tasks.
  DamagedRecords unreadable();

 private:
  std::shared_ptr<RecordIndex> base_;
};

}  // namespace changeling::store
