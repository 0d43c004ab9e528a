#include "view/task.hpp"

#include "project/sharing.hpp"
#include "queue/rules.hpp"
#include "queue/task_json.hpp"
#include "support/json.hpp"

namespace changeling::view {

Json to_json(store::TaskIndex& index, const queue::Task& task) {
  Json json = queue::to_json(task);
  json["blocks"] = index.blocked_by_this(task.id);
  json["dropped"] = queue::is_dropped(task);
  json["children"] = index.children_of(task.id);
  return json;
}

Json to_json(project::Project& project, const queue::Task& task) {
  Json json = to_json(project.tasks().current_index(), task);
  if (task.lease) json["lease"]["provisional"] = project::is_provisional(project, task);
  return json;
}

}  // namespace changeling::view
