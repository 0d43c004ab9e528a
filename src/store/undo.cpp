#include "store/undo.hpp"

#include <fmt/format.h>

#include <map>

#include "queue/rules.hpp"
#include "queue/task_json.hpp"
#include "store/records.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

[[noreturn]] void refuse(const std::string& reason, const std::string& hint) {
  throw Error(ErrorKind::Refused, reason, hint);
}

std::string describe(const OperationRecord& operation) {
  return fmt::format("{} ({})", operation.id.short_hex(), operation.subject);
}

std::optional<Json> parsed(const std::optional<std::string>& content, const std::string& path) {
  if (!content) return std::nullopt;
  return parse_json(*content, path);
}

void check_run(const RestoredFile& file) {
  const auto is_running = [](const RunRecord& run) { return run.status == RunStatus::Running; };
  if (const auto json = parsed(file.now, file.path)) {
    const RunRecord run = run_from_json(*json, file.path);
    if (is_running(run)) {
      refuse(fmt::format("run {} of {} is running", run.id, run.changeling),
             fmt::format("stop it first: git changeling stop {}", run.id));
    }
  }
  if (const auto json = parsed(file.then, file.path)) {
    const RunRecord run = run_from_json(*json, file.path);
    if (is_running(run)) {
      refuse(fmt::format("run {} of {} has ended; that cannot be taken back", run.id, run.changeling),
             fmt::format("run it again: git changeling retry {}", run.id));
    }
  }
}

void check_task(const RestoredFile& file) {
  const auto json = parsed(file.now, file.path);
  if (!json) return;
  const queue::Task task = queue::task_from_json(*json, file.path);
  if (!task.lease) return;
  refuse(
      fmt::format("task {} is claimed by {}", task.id, task.lease->owner),
      fmt::format("release it first: git changeling task release {} --token {}", task.id, task.lease->token));
}

void check_pull_request(const RestoredFile& file) {
  const auto json = parsed(file.now, file.path);
  if (!json) return;
  const PullRequestRecord pull = pull_request_from_json(*json, file.path);
  if (pull.state == PullRequestState::Merged) {
    refuse(fmt::format("pull request {} is merged, which changed the branch {}", pull.number, pull.base),
           fmt::format("take the merge back with: git revert -m 1 {}", pull.merge_commit));
  }
  if (!file.then) {
    refuse(fmt::format("run {} has opened pull request {}", pull.run, pull.number),
           fmt::format("reject it: git changeling review reject {}", pull.number));
  }
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

/// The newest operation after `target` that changed the path.
std::optional<OperationRecord> later_change(const git::Repository& repository, const git::ObjectId& tip,
                                            const git::ObjectId& target, const std::string& path) {
  for (git::CommitInfo commit = repository.commit(tip); commit.id != target && !commit.parents.empty();) {
    git::CommitInfo parent = repository.commit(commit.parents.front());
    bool changed = false;
    repository.compare_trees(parent.tree, commit.tree, folder_of(path), [&](const git::BlobChange& change) {
      changed = changed || change.path == path;
    });
    if (changed) return operation_of(commit);
    commit = std::move(parent);
  }
  return std::nullopt;
}

/// What the operation changed, with the contents, unless something later is in the way.
std::vector<RestoredFile> collect(const git::Repository& repository, const git::CommitInfo& target,
                                  const git::CommitInfo& tip) {
  const git::ObjectId before = repository.commit(target.parents.front()).tree;
  std::map<std::string, git::BlobChange> changes;
  repository.compare_trees(before, target.tree, "",
                           [&](const git::BlobChange& change) { changes.emplace(change.path, change); });
  repository.compare_trees(target.tree, tip.tree, "", [&](const git::BlobChange& later) {
    if (!changes.contains(later.path)) return;
    const auto culprit = later_change(repository, tip.id, target.id, later.path);
    refuse(fmt::format("{} has been changed since{}", later.path,
                       culprit ? fmt::format(" by {}", describe(*culprit)) : ""),
           culprit ? fmt::format("take that back first: git changeling undo {}", culprit->id.short_hex())
                   : "see: git changeling log");
  });
  std::vector<RestoredFile> files;
  for (const auto& [path, change] : changes) {
    RestoredFile file{path, std::nullopt, std::nullopt};
    if (change.after) file.now = repository.read_blob(*change.after);
    if (change.before) file.then = repository.read_blob(*change.before);
    files.push_back(std::move(file));
  }
  return files;
}

bool is_task_path(const std::string& path) {
  return path.starts_with("items/");
}

std::optional<queue::Task> task_in(const std::optional<std::string>& content, const std::string& path) {
  const auto json = parsed(content, path);
  if (!json) return std::nullopt;
  return queue::task_from_json(*json, path);
}

std::vector<RestoredTask> tasks_among(const std::vector<RestoredFile>& files) {
  std::vector<RestoredTask> tasks;
  for (const RestoredFile& file : files) {
    if (!is_task_path(file.path)) continue;
    tasks.push_back({task_in(file.now, file.path), task_in(file.then, file.path)});
  }
  return tasks;
}

/// Tasks depend on each other across records: nothing may wait for a task that is gone, or for itself.
void check_dependencies(const Snapshot& snapshot, TaskIndex& index, const std::vector<RestoredTask>& tasks) {
  std::map<std::string, const RestoredTask*> restored;
  for (const RestoredTask& task : tasks) restored[task.before ? task.before->id : task.after->id] = &task;
  const auto find = [&](const std::string& id) -> std::optional<queue::Task> {
    if (const auto found = restored.find(id); found != restored.end()) return found->second->after;
    return read_task(snapshot, id);
  };
  const auto blockers_of = [&](const std::string& id) {
    const auto task = find(id);
    return task ? task->blocked_by : std::vector<std::string>{};
  };
  index.follow();
  for (const auto& [id, task] : restored) {
    if (!task->after) {
      for (const std::string& waiting : index.blocked_by_this(id)) {
        if (restored.contains(waiting)) continue;
        refuse(fmt::format("task {} would be gone, and task {} waits for it", id, waiting),
               fmt::format("first: git changeling task unblock {} --by {}", waiting, id));
      }
      continue;
    }
    for (const std::string& blocker : task->after->blocked_by) {
      if (!find(blocker)) {
        refuse(fmt::format("task {} would wait for task {}, which has been removed since", id, blocker),
               "see: git changeling log --task " + blocker);
      }
      if (const auto cycle = queue::find_cycle(id, blocker, blockers_of)) {
        std::string path;
        for (const std::string& step : *cycle) path += (path.empty() ? "" : " → ") + step;
        refuse(fmt::format("tasks would wait for each other: {}", path),
               "take back the later dependency first; see: git changeling log --task " + blocker);
      }
    }
  }
}

git::CommitInfo find_target(const git::Repository& repository, const git::ObjectId& tip,
                            const std::string& prefix) {
  git::CommitInfo target = prefix.empty() ? repository.commit(tip) : find_operation(repository, tip, prefix);
  if (target.parents.empty()) {
    refuse(fmt::format("{} is where the history begins", describe(operation_of(target))), "");
  }
  if (target.parents.size() > 1) {
    refuse(fmt::format("{} joined the histories of two machines", describe(operation_of(target))),
           "take back single operations; see: git changeling log");
  }
  return target;
}

}  // namespace

void check_restorable(const std::vector<RestoredFile>& files) {
  for (const RestoredFile& file : files) {
    if (file.path.starts_with("runs/")) check_run(file);
    if (is_task_path(file.path)) check_task(file);
    if (file.path.starts_with("pulls/")) check_pull_request(file);
  }
}

Undone undo(Store& store, const git::Repository& repository, TaskQueue& tasks, const std::string& prefix) {
  const auto tip = store.snapshot().commit();
  if (!tip) {
    throw Error(ErrorKind::NotFound, "this repository has no changelings yet",
                "start with: git changeling init");
  }
  const git::CommitInfo target = find_target(repository, *tip, prefix);
  Undone undone{operation_of(target), {}};
  const OperationRecord& operation = undone.operation;
  const bool again = operation.kind == "undo";
  try {
    store.update({fmt::format("{}: {}", again ? "redo" : "undo", operation.subject),
                  "undo",
                  {{"Undoes", operation.id.hex()},
                   {"Changeling", operation.changeling},
                   {"Run", operation.run},
                   {"Task", operation.task}}},
                 [&](const Snapshot& snapshot, Change& change) {
                   const auto files = collect(repository, target, repository.commit(*snapshot.commit()));
                   check_restorable(files);
                   undone.tasks = tasks_among(files);
                   check_dependencies(snapshot, tasks.index(), undone.tasks);
                   for (const RestoredFile& file : files) {
                     if (file.then) {
                       change.write(file.path, *file.then);
                     } else {
                       change.remove(file.path);
                     }
                   }
                 });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Refused) throw;
    throw Error(ErrorKind::Refused, fmt::format("cannot take back {}: {}", describe(operation), error.what()),
                error.hint());
  }
  return undone;
}

}  // namespace changeling::store
