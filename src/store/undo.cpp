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

/// A name or an e-mail address without what is left out at both its ends when a commit is written.
std::string_view as_in_a_commit(std::string_view text) {
  const auto is_left_out = [](char letter) {
    return static_cast<unsigned char>(letter) <= ' ' ||
           std::string_view(".,:;<>\"\\'").find(letter) != std::string_view::npos;
  };
  while (!text.empty() && is_left_out(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_left_out(text.back())) text.remove_suffix(1);
  return text;
}

git::ObjectId require_tip(const Store& store) {
  if (const auto tip = store.snapshot().commit()) return *tip;
  throw Error(ErrorKind::NotFound, "this repository has no changelings yet",
              "start with: git changeling init");
}

/// What taking it back would write, after all reasons against it.
struct PlannedReversal {
  std::vector<RestoredFile> files;
  std::vector<RestoredTask> tasks;
};

PlannedReversal plan_reversal(const Snapshot& snapshot, const git::Repository& repository, TaskQueue& tasks,
                              const git::CommitInfo& target) {
  check_target(repository, target);
  PlannedReversal plan;
  plan.files = collect(repository, target, repository.commit(*snapshot.commit()));
  check_restorable(repository, plan.files);
  plan.tasks = tasks_among(plan.files);
  check_dependencies(snapshot, tasks.index(), plan.tasks);
  return plan;
}

/// Runs `work`; its refusals then say what cannot be taken back.
template <typename Work>
auto naming(const OperationRecord& operation, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Refused) throw;
    throw Error(ErrorKind::Refused, fmt::format("cannot take back {}: {}", describe(operation), error.what()),
                error.hint());
  }
}

/// The newest step before `refused` that can be taken back, in words; empty where there is none.
std::string way_on(const Store& store, const git::Repository& repository, TaskQueue& tasks,
                   const git::CommitInfo& refused) {
  constexpr int most_tried = 20;
  const Snapshot snapshot = store.snapshot();
  bool passed = false;
  int tried = 0;
  const auto older = next_to_undo(repository, *snapshot.commit(), [&](const git::CommitInfo& step) {
    if (!passed) {
      passed = step.id == refused.id;
      return false;
    }
    if (++tried > most_tried) return false;
    try {
      plan_reversal(snapshot, repository, tasks, step);
      return true;
    } catch (const Error&) {
      return false;
    }
  });
  return older ? fmt::format(
                     "; or leave it, and take back what was done before it: git changeling undo {} ({})",
                     older->id.short_hex(), operation_of(*older).subject)
               : "";
}

}  // namespace

OperationRecord operation_to_undo(const Store& store, const git::Repository& repository, TaskQueue& tasks,
                                  const std::string& prefix) {
  const git::ObjectId tip = require_tip(store);
  const auto target =
      prefix.empty() ? next_to_undo(repository, tip) : std::optional(find_operation(repository, tip, prefix));
  if (!target) {
    refuse("nothing is left to take back: apart from what runs recorded, this is where the history begins",
           "see: git changeling log");
  }
  OperationRecord operation = operation_of(*target);
  try {
    naming(operation, [&] { plan_reversal(store.snapshot(), repository, tasks, *target); });
  } catch (const Error& error) {
    // Asked again, it would stop at the same one for ever.
    if (error.kind() != ErrorKind::Refused || !prefix.empty()) throw;
    throw Error(ErrorKind::Refused, error.what(), error.hint() + way_on(store, repository, tasks, *target));
  }
  return operation;
}

OperationRecord operation_to_redo(const Store& store, const git::Repository& repository, TaskQueue& tasks) {
  const auto target = next_to_redo(repository, require_tip(store));
  if (!target) {
    refuse("nothing has been taken back since the last operation, so there is nothing to do again",
           "an older one is named by its id: git changeling undo ID; see: git changeling log");
  }
  OperationRecord operation = operation_of(*target);
  naming(operation, [&] { plan_reversal(store.snapshot(), repository, tasks, *target); });
  return operation;
}

bool is_of_somebody_else(const Store& store, const OperationRecord& operation) {
  const git::Identity& own = store.actor();
  const std::string_view actor = operation.actor;
  const auto end_of_name = actor.rfind(" <");
  if (end_of_name == std::string_view::npos) return true;
  return as_in_a_commit(actor.substr(0, end_of_name)) != as_in_a_commit(own.name) ||
         as_in_a_commit(actor.substr(end_of_name + 1)) != as_in_a_commit(own.email);
}

Undone take_back(Store& store, const git::Repository& repository, TaskQueue& tasks,
                 const OperationRecord& operation) {
  const git::CommitInfo target = repository.commit(operation.id);
  std::vector<RestoredTask> restored;
  std::optional<git::ObjectId> by;
  const Reversal reversal = reversal_of(repository, operation);
  const std::string subject = fmt::format("{}: {}", reversal.kind, reversal.subject);
  naming(operation, [&] {
    store.update(
        [&](const Snapshot& snapshot, Change& change) {
          PlannedReversal planned = plan_reversal(snapshot, repository, tasks, target);
          for (const RestoredFile& file : planned.files) {
            if (file.then) {
              change.write(file.path, *file.then);
            } else {
              change.remove(file.path);
            }
          }
          restored = std::move(planned.tasks);
          return Operation{subject,
                           reversal.kind,
                           {{"Undoes", operation.id.hex()},
                            {"Changeling", operation.changeling},
                            {"Run", operation.run},
                            {"Task", operation.task}}};
        },
        [&](const Store::Written& written) { by = written.commit; });
    if (!by) refuse("it changed nothing", "");
  });
  return {operation, operation_of(repository.commit(*by)), std::move(restored)};
}

}  // namespace changeling::store
