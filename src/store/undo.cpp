#include "store/undo.hpp"

#include <fmt/format.h>

#include <map>

#include "queue/rules.hpp"
#include "queue/task_json.hpp"
#include "store/records.hpp"
#include "store/task_records.hpp"
#include "store/undo_steps.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

[[noreturn]] void refuse(const std::string& reason, const std::string& hint) {
  throw Error(ErrorKind::Refused, reason, hint);
}

std::string describe(const OperationRecord& operation) {
  return fmt::format("{} ({})", operation.id.short_hex(), operation.subject);
}

/// What a file says, or nothing for a missing or a damaged one: taking back what damaged a record must work.
template <typename Read>
auto record_in(const std::optional<std::string>& content, const std::string& path, const Read& read)
    -> std::optional<decltype(read(std::declval<const std::string&>()))> {
  std::optional<decltype(read(std::declval<const std::string&>()))> record;
  if (content) read_or_note(path, nullptr, [&] { record = read(*content); });
  return record;
}

std::optional<RunRecord> run_in(const std::optional<std::string>& content, const std::string& path) {
  return record_in(content, path,
                   [&](const std::string& text) { return run_from_json(parse_json(text, path), path); });
}

std::optional<queue::Task> task_in(const std::optional<std::string>& content, const std::string& path) {
  return record_in(content, path, [&](const std::string& text) {
    return queue::task_from_json(parse_json(text, path), path);
  });
}

void check_run(const RestoredFile& file) {
  const auto is_running = [](const std::optional<RunRecord>& run) {
    return run && run->status == RunStatus::Running;
  };
  const auto now = run_in(file.now, file.path);
  if (is_running(now)) {
    refuse(fmt::format("run {} of {} is running", now->id, now->changeling),
           fmt::format("stop it first: git changeling stop {}", now->id));
  }
  // What was running when its record was damaged may be running still; bringing its record back is right.
  if (!now && file.now) return;
  if (const auto run = run_in(file.then, file.path); is_running(run)) {
    refuse(fmt::format("run {} of {} has ended; that cannot be taken back", run->id, run->changeling),
           fmt::format("run it again: git changeling retry {}", run->id));
  }
}

void check_task(const RestoredFile& file) {
  const auto task = task_in(file.now, file.path);
  if (!task || !task->lease) return;
  refuse(fmt::format("task {} is claimed by {}", task->id, task->lease->owner),
         fmt::format("release it first: git changeling task release {} --token {}", task->id,
                     task->lease->token));
}

/// What takes a merged pull request out of its branch again, with all its commits.
std::string revert_command(const git::Repository& repository, const PullRequestRecord& pull) {
  const auto commit_of = [&](const std::string& id) {
    return id.empty() ? std::nullopt : repository.resolve_revision(id);
  };
  const auto merge = commit_of(pull.merge_commit);
  const auto base = commit_of(pull.base_commit);
  if (!merge || repository.commit(*merge).parents.size() > 1)
    return fmt::format("git revert -m 1 {}", pull.merge_commit);
  bool straight = false;
  for (git::CommitInfo commit = repository.commit(*merge); base && commit.parents.size() == 1;
       commit = repository.commit(commit.parents.front())) {
    straight = commit.parents.front() == *base;
    if (straight) break;
  }
  if (straight) return fmt::format("git revert --no-edit {}..{}", pull.base_commit, pull.merge_commit);
  return fmt::format("git diff --binary {} {} | git apply --index && git commit", pull.merge_commit,
                     pull.base_commit);
}

void check_pull_request(const git::Repository& repository, const RestoredFile& file) {
  const auto pull = record_in(file.now, file.path, [&](const std::string& text) {
    return pull_request_from_json(parse_json(text, file.path), file.path);
  });
  if (!pull) return;
  if (pull->state == PullRequestState::Merged) {
    refuse(fmt::format("pull request {} is merged, which changed the branch {}", pull->number, pull->base),
           fmt::format("take the merge back on {} with: {}", pull->base, revert_command(repository, *pull)));
  }
  if (!file.then) {
    refuse(fmt::format("run {} has opened pull request {}", pull->run, pull->number),
           fmt::format("reject it: git changeling review reject {}", pull->number));
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

std::vector<RestoredTask> tasks_among(const std::vector<RestoredFile>& files) {
  std::vector<RestoredTask> tasks;
  for (const RestoredFile& file : files) {
    if (!task_id_of(file.path)) continue;
    RestoredTask task{task_in(file.now, file.path), task_in(file.then, file.path)};
    if (task.before || task.after) tasks.push_back(std::move(task));
  }
  return tasks;
}

/// Tasks depend on each other across records: nothing may wait for a task that is gone, or for itself.
void check_dependencies(const Snapshot& snapshot, TaskIndex& index, const std::vector<RestoredTask>& tasks) {
  std::map<std::string, const RestoredTask*> restored;
  for (const RestoredTask& task : tasks) restored[task.before ? task.before->id : task.after->id] = &task;
  const auto find = [&](const std::string& id) -> std::optional<queue::Task> {
    if (const auto found = restored.find(id); found != restored.end()) return found->second->after;
    return read_sound_task(snapshot, id);
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

/// The command that takes back what a merge brought in, or where to look if that is too much for one line.
std::string undo_of_merge(const git::Repository& repository, const git::CommitInfo& merge) {
  constexpr std::size_t most_named = 8;
  std::vector<std::string> commands;
  HistoryWalk walk(repository, merge.parents.back());
  while (const auto commit = walk.next()) {
    if (repository.is_ancestor(commit->id, merge.parents.front())) break;
    if (!is_step(*commit, operation_of(*commit))) continue;
    if (commands.size() == most_named) return "take back single operations; see: git changeling log";
    commands.push_back("git changeling undo " + commit->id.short_hex());
  }
  if (commands.empty()) return "what it brought are records of runs, which stay; see: git changeling log";
  return "take back all that it brought with: " + join(commands, " && ");
}

void check_target(const git::Repository& repository, const git::CommitInfo& target) {
  if (target.parents.empty()) {
    refuse(fmt::format("{} is where the history begins", describe(operation_of(target))), "");
  }
  if (target.parents.size() > 1) {
    refuse(fmt::format("{} joined the histories of two machines", describe(operation_of(target))),
           undo_of_merge(repository, target));
  }
}

git::ObjectId require_tip(const Store& store) {
  if (const auto tip = store.snapshot().commit()) return *tip;
  throw Error(ErrorKind::NotFound, "this repository has no changelings yet",
              "start with: git changeling init");
}

Undone take_back(Store& store, const git::Repository& repository, TaskQueue& tasks,
                 const git::CommitInfo& target) {
  check_target(repository, target);
  const OperationRecord operation = operation_of(target);
  std::vector<RestoredTask> restored;
  std::optional<git::ObjectId> by;
  const Reversal reversal = reversal_of(repository, operation);
  const std::string subject = fmt::format("{}: {}", reversal.kind, reversal.subject);
  try {
    store.update(
        [&](const Snapshot& snapshot, Change& change) {
          const auto files = collect(repository, target, repository.commit(*snapshot.commit()));
          check_restorable(repository, files);
          restored = tasks_among(files);
          check_dependencies(snapshot, tasks.index(), restored);
          for (const RestoredFile& file : files) {
            if (file.then) {
              change.write(file.path, *file.then);
            } else {
              change.remove(file.path);
            }
          }
          return Operation{subject,
                           reversal.kind,
                           {{"Undoes", operation.id.hex()},
                            {"Changeling", operation.changeling},
                            {"Run", operation.run},
                            {"Task", operation.task}}};
        },
        [&](const Store::Written& written) { by = written.commit; });
    if (!by) refuse("it changed nothing", "");
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Refused) throw;
    throw Error(ErrorKind::Refused, fmt::format("cannot take back {}: {}", describe(operation), error.what()),
                error.hint());
  }
  return {operation, operation_of(repository.commit(*by)), std::move(restored)};
}

}  // namespace

void check_restorable(const git::Repository& repository, const std::vector<RestoredFile>& files) {
  for (const RestoredFile& file : files) {
    if (run_id_of(file.path)) check_run(file);
    if (task_id_of(file.path)) check_task(file);
    if (pull_request_number_of(file.path)) check_pull_request(repository, file);
  }
}

Undone undo(Store& store, const git::Repository& repository, TaskQueue& tasks, const std::string& prefix) {
  const git::ObjectId tip = require_tip(store);
  if (!prefix.empty()) return take_back(store, repository, tasks, find_operation(repository, tip, prefix));
  const auto target = next_to_undo(repository, tip);
  if (!target) {
    refuse("nothing is left to take back: apart from what runs recorded, this is where the history begins",
           "see: git changeling log");
  }
  return take_back(store, repository, tasks, *target);
}

Undone redo(Store& store, const git::Repository& repository, TaskQueue& tasks) {
  const git::ObjectId tip = require_tip(store);
  const auto target = next_to_redo(repository, tip);
  if (!target) {
    refuse("nothing has been taken back since the last operation, so there is nothing to do again",
           "an older one is named by its id: git changeling undo ID; see: git changeling log");
  }
  return take_back(store, repository, tasks, *target);
}

}  // namespace changeling::store
