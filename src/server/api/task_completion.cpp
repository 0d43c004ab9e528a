#include <fmt/format.h>

#include "project/criteria.hpp"
#include "queue/rules.hpp"
#include "run/result_check.hpp"
#include "server/api/handlers.hpp"
#include "server/api/task_moves.hpp"
#include "server/api/tasks.hpp"

namespace changeling::server::api {
namespace {

/// For each command, below what a request may take by default (serve --request-limit).
constexpr auto time_limit = std::chrono::seconds(20);

Refusal incomplete(const queue::Task& task, const std::vector<std::string>& unmet) {
  Refusal refusal(409, ErrorKind::Refused, fmt::format("task {} is not complete", task.id),
                  "it stays claimed; give it back with release, or see to what is unmet");
  refusal.more["unmet"] = unmet;
  return refusal;
}

}  // namespace

namespace handlers {

Reply complete_task(Call& call) {
  queue::Task task = named_task(call);
  expect_task(call, task.id);
  // Before any command runs: who lost the task must not even check it.
  const std::int64_t token = token_of(call, task);
  queue::check_token(task, token);
  queue::leave_to_people(task, project::approved_criteria(call.project, task.role));
  const auto check = run::check_result(call.project, task, {}, time_limit, {});
  if (!check.unmet.empty()) throw incomplete(task, check.unmet);
  return task_reply(call, call.project.tasks().complete(task.id, token, check, {}));
}

}  // namespace handlers
}  // namespace changeling::server::api
