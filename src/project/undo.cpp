#include "project/undo.hpp"

#include "project/hook_subscriptions.hpp"

namespace changeling::project {

store::Undone take_back(Project& project, const store::OperationRecord& operation) {
  store::Undone undone = store::take_back(project.store(), project.repository(), project.tasks(), operation);
  std::vector<store::TaskChange> changes;
  for (const store::RestoredTask& task : undone.tasks)
    changes.push_back({"undo", task.before ? &*task.before : nullptr, task.after ? &*task.after : nullptr});
  project.announce_tasks(changes);
  refresh_hook_subscriptions(project);
  return undone;
}

}  // namespace changeling::project
