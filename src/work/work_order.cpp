#include "work/work_order.hpp"

#include <fmt/format.h>

#include "project/roles.hpp"
#include "project/trust.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::work {
namespace {

using WhenIdle = WorkerOptions::WhenIdle;

WorkerEnd parse_end(const Json& told) {
  for (const auto end : {WorkerEnd::Stopped, WorkerEnd::NothingReady, WorkerEnd::EnoughTasks}) {
    if (json_string(told, "end") == to_string(end)) return end;
  }
  return WorkerEnd::Stopped;
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

/// A damaged role is refused, as one that is not trusted: it is no reason to use up the attempts of a task.
const RoleDefinition& readable_role(const project::RoleSet& roles, const std::string& name) {
  try {
    return roles.find(name).role;
  } catch (const Error& error) {
    if (!roles.is_damaged(name)) throw;
    throw Error(ErrorKind::Refused, error.what(), error.hint());
  }
}

/// A mistake in the file of the definitions is no reason to use up attempts either.
project::RoleSet readable_roles(project::Project& project) {
  try {
    return project::RoleSet::load(project);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Invalid) throw;
    throw Error(ErrorKind::Refused, error.what(), error.hint());
  }
}

project::Handling handling_by_role(project::Project& project, const std::string& name, Gate gate) {
  const project::RoleSet roles = readable_roles(project);
  const Layer defaults =
      project::task_defaults([&](const std::string& key) { return project.repository().config_all(key); });
  const RoleDefinition* role = name.empty() ? nullptr : &readable_role(roles, name);
  project::Handling handling = project::handling_of_role(role, defaults, roles.definitions().file_agents());
  if (gate == Gate::Closed) project::check_trusted(project, roles, name, handling.agent);
  project::require_equipment(handling.definition.equipment, handling.agent.name, ErrorKind::Refused);
  return handling;
}

}  // namespace

std::string_view to_string(WorkerEnd end) {
  switch (end) {
    case WorkerEnd::Stopped:
      return "stopped";
    case WorkerEnd::NothingReady:
      return "nothing-ready";
    case WorkerEnd::EnoughTasks:
      return "enough";
  }
  return "stopped";
}

Json to_json(const WorkOrder& order) {
  return {{"role", order.role},
          {"labels", order.labels},
          {"source", order.source},
          {"worker", order.worker},
          {"lease", order.lease},
          {"most_tasks", order.most_tasks},
          {"waits", order.when_idle == WhenIdle::Wait},
          {"poll_ms", order.poll.count()},
          {"except", order.except}};
}

WorkOrder work_order_from_json(const Json& object) {
  try {
    WorkOrder order;
    order.role = object.at("role").get<std::string>();
    order.labels = object.at("labels").get<std::vector<std::string>>();
    order.source = object.at("source").get<std::string>();
    order.worker = object.at("worker").get<std::string>();
    order.lease = object.at("lease").get<std::string>();
    order.most_tasks = object.at("most_tasks").get<std::int64_t>();
    order.when_idle = object.at("waits").get<bool>() ? WhenIdle::Wait : WhenIdle::End;
    order.poll = Duration(object.at("poll_ms").get<std::int64_t>());
    order.except = object.at("except").get<std::vector<std::string>>();
    return order;
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::Invalid, fmt::format("this is no order for work: {}", error.what()));
  }
}

Json to_json(const WorkedTask& task) {
  return {{"task", task.task},       {"title", task.title},     {"run", text_or_null(task.run)},
          {"outcome", task.outcome}, {"success", task.success}, {"status", text_or_null(task.status)},
          {"error", task.error}};
}

Json told(const WorkOutcome& outcome) {
  Json json{{"runs", Json::array()}, {"tasks", Json::array()}, {"end", to_string(outcome.end)}};
  for (const store::RunRecord& run : outcome.runs) json["runs"].push_back(store::to_json(run));
  for (const WorkedTask& task : outcome.tasks) json["tasks"].push_back(to_json(task));
  return json;
}

void add_told(WorkOutcome& outcome, const Json& told) {
  try {
    for (const Json& run : told.at("runs"))
      outcome.runs.push_back(store::run_from_json(run, "a worker process"));
    for (const Json& task : told.at("tasks")) {
      outcome.tasks.push_back({task.at("task").get<std::string>(), task.at("title").get<std::string>(),
                               json_string(task, "run").value_or(""), task.at("outcome").get<std::string>(),
                               task.at("success").get<bool>(), json_string(task, "status").value_or(""),
                               task.at("error").get<std::string>()});
      outcome.all_succeeded = outcome.all_succeeded && outcome.tasks.back().success;
    }
    outcome.end = parse_end(told);
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::Invalid,
                fmt::format("a worker process has told nothing that makes sense: {}", error.what()));
  }
}

void check_work_order(project::Project& project, const WorkOrder& order, bool has_terminal) {
  static_cast<void>(readable_roles(project));
  if (order.role.empty()) return;
  // Before anything is claimed: what is not trusted must not even take a task.
  handling_by_role(project, order.role, Gate::Closed);
  const RoleDefinition role = project::RoleSet::load(project).find(order.role).role;
  if (!role.interactive) return;
  if (order.parallel > 1) {
    throw Error(ErrorKind::Usage,
                fmt::format("the role {} is interactive: its agents need the terminal one by one", role.name),
                "leave out --parallel");
  }
  if (!has_terminal) {
    throw Error(ErrorKind::Refused,
                fmt::format("the role {} is interactive and there is no terminal", role.name),
                fmt::format("start it at a terminal, or change the role: git changeling role add {} --update "
                            "--no-interactive",
                            role.name));
  }
}

project::ChooseHandling choose_handling(project::Project& project, const std::string& worker_role,
                                        Gate gate) {
  return [&project, worker_role, gate](const queue::Task& task) {
    return handling_by_role(project, task.role.empty() ? worker_role : task.role, gate);
  };
}

}  // namespace changeling::work
