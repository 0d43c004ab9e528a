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

nlohmann::json task_card(const queue::Task& task, Timestamp now) {
  const queue::Gate* gate = queue::closed_gate(task, now);
  Json lease = nullptr;
  if (task.lease) {
    lease = {{"owner", task.lease->owner},
             {"token", task.lease->token},
             {"expires_at", format_timestamp(task.lease->expires_at)}};
  }
  return {{"id", task.id},
          {"title", task.title},
          {"status", to_string(task.status)},
          {"priority", to_string(task.priority)},
          {"complexity", task.complexity ? Json(to_string(*task.complexity)) : Json(nullptr)},
          {"labels", task.labels},
          {"role", task.role},
          {"parent", task.parent},
          {"blocked_by", task.blocked_by},
          {"blocked_reason", task.blocked_reason},
          {"closed_gate", gate == nullptr ? Json(nullptr) : Json(queue::to_string(*gate))},
          {"lease", std::move(lease)},
          {"run", task.assignee_run.empty() ? Json(nullptr) : Json(task.assignee_run)},
          {"attempts", task.attempts.size()},
          {"dropped", queue::is_dropped(task)},
          {"updated_at", format_timestamp(task.updated_at)}};
}

nlohmann::json task_card(project::Project& project, const queue::Task& task, Timestamp now) {
  Json card = task_card(task, now);
  if (!task.blocked_by.empty())
    card["blocked_by"] = project.tasks().current_index().open_among(task.blocked_by);
  if (task.lease) card["lease"]["provisional"] = project::is_provisional(project, task);
  return card;
}

}  // namespace changeling::view
