// The board as it was right after an operation, from the tree of that commit.
#include <algorithm>

#include "queue/rules.hpp"
#include "server/api/handlers.hpp"
#include "store/history.hpp"
#include "store/task_records.hpp"
#include "view/task.hpp"

namespace changeling::server::api {
namespace {

/// No index knows the past: every record is read.
constexpr std::size_t most_past_tasks = 2'000;

std::vector<std::string> task_ids(const store::Snapshot& snapshot) {
  std::vector<std::string> ids;
  for (const std::string& path : snapshot.files_below(std::string(store::tasks_folder))) {
    if (auto id = store::task_id_of(path)) ids.push_back(std::move(*id));
  }
  return ids;
}

/// Those that could be read then as well as now.
std::vector<queue::Task> tasks_in(const store::Snapshot& snapshot, const std::vector<std::string>& ids) {
  std::vector<queue::Task> tasks;
  for (const std::string& id : ids) {
    if (auto task = store::read_sound_task(snapshot, id)) tasks.push_back(std::move(*task));
    if (tasks.size() == most_past_tasks) break;
  }
  std::stable_sort(tasks.begin(), tasks.end(), queue::claimed_before);
  return tasks;
}

}  // namespace

namespace handlers {

Reply list_tasks_at_operation(Call& call) {
  call.project.require_state();
  const git::Repository& repository = call.project.repository();
  const git::CommitInfo operation =
      store::find_operation(repository, *call.project.snapshot().commit(), call.at("operation"));
  const store::Snapshot then = store::Snapshot::of_commit(repository, operation.id, operation.tree);
  const std::vector<std::string> ids = task_ids(then);
  Json cards = Json::array();
  for (const queue::Task& task : tasks_in(then, ids))
    cards.push_back(view::task_card(task, operation.committed_at));
  return {{{"operation", operation.id.hex()}, {"tasks", std::move(cards)}, {"total", ids.size()}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
