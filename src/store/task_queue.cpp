#include "store/task_queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "queue/moves.hpp"
#include "store/task_checks.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::store {

using queue::Task;
using queue::TaskStatus;

namespace {

/// A link that is as it was may point to a task that is gone; whoever changes something else cannot help it.
void check_changed_links(const Snapshot& snapshot, const Task& before, Task after) {
  if (after.parent == before.parent) after.parent.clear();
  if (after.discovered_from == before.discovered_from) after.discovered_from.clear();
  check_links(snapshot, {&after});
}

}  // namespace

TaskQueue::TaskQueue(Store& store, TaskIndex& index, const Clock& clock, TaskObserver observer)
    : store_(store), index_(index), clock_(clock), observer_(std::move(observer)) {}

std::string TaskQueue::actor() const {
  return fmt::format("{} <{}>", store_.actor().name, store_.actor().email);
}

void TaskQueue::notify(const std::vector<TaskChange>& changes) const {
  if (observer_ && !changes.empty()) observer_(changes);
}

TaskIndex& TaskQueue::current_index() {
  index_.follow();
  return index_;
}

Task TaskQueue::find(const std::string& prefix) {
  const std::string start = to_lower(trim(prefix));
  if (auto task = read_task(store_.snapshot(), start)) return std::move(*task);
  constexpr std::size_t shown = 5;
  auto ids = start.empty() ? std::vector<std::string>{} : current_index().with_prefix(start, shown + 1);
  if (ids.empty() && !start.empty()) {
    // Asked for by its beginning, a damaged record is named as well.
    for (const Damaged& damaged : index_.unreadable()) {
      const auto id = task_id_of(damaged.path);
      if (id && id->starts_with(start)) ids.push_back(*id);
    }
  }
  if (ids.size() == 1) return require_task(store_.snapshot(), ids.front());
  if (ids.empty()) {
    throw Error(ErrorKind::NotFound, fmt::format("there is no task '{}'", prefix),
                "see: git changeling task list");
  }
  const bool more = ids.size() > shown;
  const std::vector<std::string> named(
      ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), shown)));
  throw Error(
      ErrorKind::Usage,
      fmt::format("'{}' is the start of several tasks: {}{}", prefix, join(named, ", "), more ? ", …" : ""),
      "write more of the task's id");
}

void TaskQueue::update(Reach reach, const std::function<Operation(const Snapshot&, Change&)>& decide,
                       const std::function<void(const Store::Written&)>& on_written) {
  unpublished_.clear();
  if (reach != Reach::Here && publisher_ != nullptr) {
    try {
      return store_.update(decide, on_written, *publisher_);
    } catch (const Error& error) {
      if (reach == Reach::Published || error.kind() != ErrorKind::Unavailable) throw;
      unpublished_ = error.what();
    }
  }
  store_.update(decide, on_written);
}

Task TaskQueue::apply(Reach reach, const std::string& id, const std::string& kind, const std::string& subject,
                      const std::function<Task(const Snapshot&, const Task&)>& rule) {
  Task before;
  Task after;
  std::string text;
  bool written = false;
  update(
      reach,
      [&](const Snapshot& snapshot, Change& change) {
        before = require_task(snapshot, id);
        after = rule(snapshot, before);
        text = task_text(after);
        written = text != task_text(before);
        if (written) change.write(task_path(id), text);
        return Operation{subject, "task." + kind, {{"Task", id}}};
      },
      [&](const Store::Written& commits) {
        index_.advance(commits, {{id, &after, &text}});
      });
  if (written) notify({{kind, &before, &after}});
  return after;
}

Task TaskQueue::edit(const std::string& id, const std::string& kind,
                     const std::function<void(Task&)>& change) {
  const Timestamp now = clock_.now();
  return apply(
      Reach::Here, id, kind, fmt::format("{} {}", kind, id),
      [&](const Snapshot& snapshot, const Task& before) {
        Task after = before;
        change(after);
        if (after.id != before.id || after.status != before.status || after.last_token != before.last_token ||
            after.lease.has_value() != before.lease.has_value()) {
          throw Error(ErrorKind::Internal, fmt::format("editing task {} changed more than its content", id));
        }
        normalize(after);
        if (after.blocked_by != before.blocked_by) check_blockers(snapshot, {&after});
        check_changed_links(snapshot, before, after);
        if (task_text(after) == task_text(before)) return after;
        after.updated_at = now;
        after.updated_by = actor();
        return after;
      });
}

Task TaskQueue::move(const std::string& id, TaskStatus to) {
  const Timestamp now = clock_.now();
  const std::string subject = fmt::format("move {} to {}", id, queue::to_string(to));
  return apply(Reach::Here, id, "move", subject, [&](const Snapshot&, const Task& before) {
    Task after = queue::moved(before, to);
    after.updated_at = now;
    after.updated_by = actor();
    return after;
  });
}

Task TaskQueue::block(const std::string& id, const std::string& reason) {
  const Timestamp now = clock_.now();
  return apply(Reach::Here, id, "block", fmt::format("block {}", id),
               [&](const Snapshot&, const Task& before) {
                 Task after = queue::blocked(before, reason);
                 after.updated_at = now;
                 after.updated_by = actor();
                 return after;
               });
}

Task TaskQueue::unblock(const std::string& id) {
  const Timestamp now = clock_.now();
  return apply(Reach::Here, id, "unblock", fmt::format("unblock {}", id),
               [&](const Snapshot&, const Task& before) {
                 Task after = queue::unblocked(before);
                 after.updated_at = now;
                 after.updated_by = actor();
                 return after;
               });
}

Task TaskQueue::renew(const std::string& id, std::int64_t token, Duration lease) {
  const Timestamp now = clock_.now();
  Task task =
      apply(Reach::Published, id, "renew", fmt::format("renew {}", id),
            [&](const Snapshot&, const Task& before) { return queue::renewed(before, token, now, lease); });
  note_given(task, clock_.now());
  return task;
}

Task TaskQueue::release(const std::string& id, std::int64_t token, const queue::Attempt& attempt,
                        std::int64_t most_attempts) {
  return apply(Reach::PublishedIfReachable, id, "release", fmt::format("release {}: {}", id, attempt.outcome),
               [&](const Snapshot&, const Task& before) {
                 return queue::released(before, token, attempt, most_attempts);
               });
}

Task TaskQueue::complete(const std::string& id, std::int64_t token, const queue::CompletionCheck& check,
                         std::vector<queue::Artifact> artifacts) {
  const Timestamp now = clock_.now();
  return apply(Reach::PublishedIfReachable, id, "complete", fmt::format("complete {}", id),
               [&](const Snapshot&, const Task& before) {
                 return queue::completed(before, token, check, artifacts, now);
               });
}

Task TaskQueue::close(const std::string& id, const queue::Closer& closer,
                      const std::optional<queue::Attempt>& dropped) {
  const Timestamp now = clock_.now();
  const std::string kind = dropped ? "drop" : "done";
  // The end of a claim, as by complete(), is for the other machines to know.
  const bool claimed = require_task(store_.snapshot(), id).status == TaskStatus::InFlight;
  return apply(claimed ? Reach::PublishedIfReachable : Reach::Here, id, kind, fmt::format("{} {}", kind, id),
               [&](const Snapshot&, const Task& before) {
                 Task after =
                     dropped ? queue::dropped(before, closer, *dropped) : queue::closed(before, closer);
                 after.updated_at = now;
                 after.updated_by = actor();
                 return after;
               });
}

void TaskQueue::remove(const std::vector<std::string>& ids, queue::RemovalPolicy policy) {
  const std::set<std::string> removed(ids.begin(), ids.end());
  if (removed.empty()) return;
  const std::string subject = removed.size() == 1 ? fmt::format("remove {}", *removed.begin())
                                                  : fmt::format("remove {} tasks", removed.size());
  struct Freed {
    Task before;
    Task after;
    std::string text;
  };
  std::vector<Task> gone;
  std::vector<Freed> freed;
  store_.update(
      [&](const Snapshot& snapshot, Change& change) {
        gone.clear();
        freed.clear();
        index_.follow();
        std::set<std::string> dependents;
        for (const std::string& id : removed) {
          gone.push_back(require_task(snapshot, id));
          queue::check_removable(gone.back(), policy, clock_.now());
          change.remove(task_path(id));
          for (const std::string& dependent : index_.blocked_by_this(id)) dependents.insert(dependent);
          for (const std::string& child : index_.children_of(id)) dependents.insert(child);
          for (const std::string& found : index_.discovered_from_this(id)) dependents.insert(found);
        }
        for (const std::string& id : dependents) {
          if (removed.contains(id)) continue;
          const auto task = read_sound_task(snapshot, id);
          if (!task) continue;
          Freed& entry = freed.emplace_back(Freed{*task, *task, ""});
          std::erase_if(entry.after.blocked_by,
                        [&](const std::string& blocker) { return removed.contains(blocker); });
          for (std::string* link : {&entry.after.parent, &entry.after.discovered_from}) {
            if (removed.contains(*link)) link->clear();
          }
          entry.after.updated_at = clock_.now();
          entry.after.updated_by = actor();
          entry.text = task_text(entry.after);
          change.write(task_path(id), entry.text);
        }
        return Operation{subject, "task.remove", {{"Task", join({removed.begin(), removed.end()}, " ")}}};
      },
      [&](const Store::Written& commits) {
        std::vector<WrittenTask> written;
        for (const Task& task : gone) written.push_back({task.id, nullptr, nullptr});
        for (const Freed& entry : freed) written.push_back({entry.after.id, &entry.after, &entry.text});
        index_.advance(commits, written);
      });
  std::vector<TaskChange> changes;
  for (const Task& task : gone) changes.push_back({"remove", &task, nullptr});
  for (const Freed& entry : freed) changes.push_back({"edit", &entry.before, &entry.after});
  notify(changes);
}

}  // namespace changeling::store
