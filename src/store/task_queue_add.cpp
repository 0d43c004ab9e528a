#include <fmt/format.h>

#include <unordered_set>

#include "store/task_checks.hpp"
#include "store/task_queue.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"

namespace changeling::store {
namespace {

using queue::Task;

/// More records than this are packed before the update begins, so that other writers need not wait for them.
constexpr std::size_t most_unpacked = 200;

std::vector<const Task*> pointers_to(const std::vector<Task>& tasks) {
  std::vector<const Task*> pointers;
  pointers.reserve(tasks.size());
  for (const Task& task : tasks) pointers.push_back(&task);
  return pointers;
}

[[noreturn]] void refuse_taken(const std::string& id) {
  throw Error(ErrorKind::Conflict, fmt::format("there is a task '{}' already", id),
              "change it with: git changeling task edit " + id);
}

}  // namespace

std::vector<Task> TaskQueue::add(std::vector<Task> tasks) {
  if (tasks.empty()) return tasks;
  const Timestamp now = clock_.now();
  std::vector<bool> has_new_id;
  for (Task& task : tasks) {
    normalize(task);
    has_new_id.push_back(task.id.empty());
    if (task.created_at == Timestamp{}) task.created_at = now;
    if (task.created_by.empty()) task.created_by = actor();
    if (task.updated_at == Timestamp{}) task.updated_at = now;
    if (task.updated_by.empty()) task.updated_by = actor();
  }
  give_ids(tasks, has_new_id);
  while (!try_add(tasks, has_new_id)) {
  }
  std::vector<TaskChange> changes;
  for (const Task& task : tasks) changes.push_back({"add", nullptr, &task});
  notify(changes);
  return tasks;
}

/// New ids differ from each other and, as far as the index knows, from all others; the records decide later.
void TaskQueue::give_ids(std::vector<Task>& tasks, const std::vector<bool>& has_new_id) {
  std::unordered_set<std::string> ids;
  for (const Task& task : tasks) {
    if (!task.id.empty() && !ids.insert(task.id).second) refuse_taken(task.id);
  }
  std::vector<std::string> drawn;
  for (std::size_t index = 0; index < tasks.size(); ++index) {
    if (!has_new_id[index]) continue;
    do {
      tasks[index].id = queue::new_task_id();
    } while (!ids.insert(tasks[index].id).second);
    drawn.push_back(tasks[index].id);
  }
  if (tasks.size() <= most_unpacked) return;
  // Among very many a clash is likely, and finding it only when everything is written would cost all of it
  // again.
  const auto taken = current_index().known_among(drawn);
  const std::unordered_set<std::string> avoided(taken.begin(), taken.end());
  for (std::size_t index = 0; index < tasks.size(); ++index) {
    if (!has_new_id[index] || !avoided.contains(tasks[index].id)) continue;
    do {
      tasks[index].id = queue::new_task_id();
    } while (avoided.contains(tasks[index].id) || !ids.insert(tasks[index].id).second);
  }
}

/// False when a new id turned out to be taken; it has been replaced by another one.
bool TaskQueue::try_add(std::vector<Task>& tasks, const std::vector<bool>& has_new_id) {
  check_blockers(store_.snapshot(), pointers_to(tasks));
  check_links(store_.snapshot(), pointers_to(tasks));
  std::vector<std::string> texts;
  texts.reserve(tasks.size());
  for (const Task& task : tasks) texts.push_back(task_text(task));
  std::vector<git::ObjectId> blobs;
  if (tasks.size() > most_unpacked) {
    git::PackWriter pack = store_.start_pack();
    for (const std::string& text : texts) blobs.push_back(pack.write_blob(text));
    pack.finish();
  }
  const bool alone = tasks.size() == 1;
  const Operation operation{alone ? fmt::format("add {}: {}", tasks[0].id, short_title(tasks[0]))
                                  : fmt::format("add {} tasks", tasks.size()),
                            "task.add",
                            {{"Task", alone ? tasks[0].id : ""}}};
  try {
    store_.update(
        [&](const Snapshot& snapshot, Change& change) {
          check_blockers(snapshot, pointers_to(tasks));
          check_links(snapshot, pointers_to(tasks));
          for (std::size_t index = 0; index < tasks.size(); ++index) {
            const std::string path = task_path(tasks[index].id);
            if (blobs.empty()) {
              change.create(path, texts[index]);
            } else {
              change.create(path, blobs[index]);
            }
          }
          return operation;
        },
        [&](const Store::Written& commits) {
          std::vector<WrittenTask> written;
          written.reserve(tasks.size());
          for (std::size_t index = 0; index < tasks.size(); ++index)
            written.push_back({tasks[index].id, &tasks[index], &texts[index]});
          index_.advance(commits, written);
        });
  } catch (const git::PathExists& taken) {
    for (std::size_t index = 0; index < tasks.size(); ++index) {
      if (task_path(tasks[index].id) != taken.path()) continue;
      if (!has_new_id[index]) refuse_taken(tasks[index].id);
      tasks[index].id = queue::new_task_id();
    }
    return false;
  }
  return true;
}

}  // namespace changeling::store
