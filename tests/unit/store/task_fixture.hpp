#pragma once

#include "open_store.hpp"
#include "store/task_index.hpp"
#include "store/task_queue.hpp"
#include "store/task_records.hpp"

namespace changeling::testing {

class SteppedClock : public Clock {
 public:
  Timestamp now() const override { return now_; }
  void step(Duration duration) { now_ += duration; }

 private:
  Timestamp now_ = parse_timestamp("2026-11-20T12:00:00Z");
};

/// A queue over a repository that is opened anew, as another process would.
struct OpenQueue {
  explicit OpenQueue(const TemporaryRepository& home, const SteppedClock& clock)
      : repository(home.open()),
        store(repository, clock, std::string(store::default_reference), {"Ada", "ada@example.com"},
              home.path() / ".git" / "changelings" / "store.lock"),
        index(store, index_file(home)),
        queue(store, index, clock, [this](const std::vector<store::TaskChange>& changes) {
          for (const auto& [operation, before, after] : changes)
            seen.push_back(operation + " " + (after != nullptr ? after->id : before->id));
        }) {
    store.initialize();
  }
  static std::filesystem::path index_file(const TemporaryRepository& home) {
    return home.path() / ".git" / "changelings" / "index.sqlite";
  }

  git::Repository repository;
  store::Store store;
  store::TaskIndex index;
  store::TaskQueue queue;
  std::vector<std::string> seen;  ///< What the observer was told.
};

inline queue::Task new_task(const std::string& title, queue::TaskStatus status = queue::TaskStatus::Ready) {
  queue::Task task;
  task.title = title;
  task.status = status;
  return task;
}

/// Every task of the newest state, read from the records.
inline std::vector<queue::Task> all_tasks(const store::Store& store) {
  const auto snapshot = store.snapshot();
  std::vector<queue::Task> tasks;
  for (const std::string& path : snapshot.files_below("items")) {
    if (const auto id = store::task_id_of(path)) tasks.push_back(*read_task(snapshot, *id));
  }
  return tasks;
}

}  // namespace changeling::testing
