#include "server/api/task_moves.hpp"

#include "project/queue_settings.hpp"
#include "project/task_writing.hpp"
#include "queue/moves.hpp"
#include "queue/rules.hpp"
#include "server/api/handlers.hpp"
#include "server/api/problems.hpp"
#include "server/api/tasks.hpp"

namespace changeling::server::api {
namespace {

std::optional<std::int64_t> given_token(const Call& call) {
  return json_integer(call.body, "token");
}

queue::Closer closer_of(Call& call) {
  const std::string worker = call.given("worker");
  return {worker.empty() ? project::queue_settings(call.project).worker : worker, given_token(call)};
}

queue::Attempt attempt_of(Call& call, const std::string& owner) {
  queue::Attempt attempt;
  attempt.owner = owner;
  attempt.error = call.given("reason");
  attempt.ended_at = call.project.clock().now();
  return attempt;
}

queue::ClaimTerms terms_of(Call& call) {
  const project::QueueSettings settings = project::queue_settings(call.project);
  queue::ClaimTerms terms;
  const std::string worker = call.given("worker");
  terms.owner = worker.empty() ? settings.worker : worker;
  terms.now = call.project.clock().now();
  terms.lease = call.given("lease").empty() ? settings.lease : project::parse_lease(call.given("lease"));
  terms.most_attempts = settings.most_attempts;
  return terms;
}

queue::Task renew_one(Call& call, const std::string& id) {
  const queue::Task before = call.project.tasks().find(id);
  const Duration lease = call.given("lease").empty() ? project::queue_settings(call.project).lease
                                                     : project::parse_lease(call.given("lease"));
  return call.project.tasks().renew(id, token_of(call, before), lease);
}

queue::Task release_one(Call& call, const std::string& id) {
  const queue::Task before = call.project.tasks().find(id);
  const project::QueueSettings settings = project::queue_settings(call.project);
  queue::Attempt attempt = attempt_of(call, before.lease ? before.lease->owner : settings.worker);
  attempt.run = before.assignee_run;
  attempt.outcome = "released";
  return call.project.tasks().release(id, token_of(call, before), attempt, settings.most_attempts);
}

queue::Task claim_one(Call& call, const std::string& id) {
  const store::ClaimResult result = call.project.tasks().claim(id, terms_of(call));
  if (const auto* task = std::get_if<queue::Task>(&result)) return *task;
  const auto* refused = std::get_if<store::Unclaimable>(&result);
  throw Error(ErrorKind::Refused, refused == nullptr ? "task " + id + " cannot be claimed" : refused->reason);
}

/// An illegal move says where the task may go instead.
template <typename Work>
Reply with_legal_moves(Call& call, const queue::Task& before, const Work& work) {
  try {
    return task_reply(call, work(call, before.id));
  } catch (const Refusal&) {
    throw;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Refused) throw;
    Refusal refusal(status_of(error.kind()), error.kind(), error.what(), error.hint());
    Json legal = Json::array();
    for (const queue::TaskStatus to : queue::moves_from(before.status)) legal.push_back(queue::to_string(to));
    refusal.more["legal"] = std::move(legal);
    throw refusal;
  }
}

using Work = queue::Task (*)(Call&, const std::string&);

Reply carry_out(Call& call, Work work) {
  const queue::Task before = named_task(call);
  expect_task(call, before.id);
  return with_legal_moves(call, before, work);
}

}  // namespace

std::int64_t token_of(Call& call, const queue::Task& task) {
  const queue::Closer closer = closer_of(call);
  return closer.token ? *closer.token : queue::held_token(task, closer.worker);
}

queue::Task move_one(Call& call, const std::string& id) {
  return call.project.tasks().move(id, queue::parse_status(call.given("status")));
}

queue::Task close_one(Call& call, const std::string& id) {
  return call.project.tasks().close(id, closer_of(call));
}

queue::Task drop_one(Call& call, const std::string& id) {
  const queue::Closer closer = closer_of(call);
  return call.project.tasks().close(id, closer, attempt_of(call, closer.worker));
}

queue::Task block_one(Call& call, const std::string& id) {
  return project::block_task(call.project, id, call.given("reason"), call.given_list("by"));
}

queue::Task unblock_one(Call& call, const std::string& id) {
  return project::unblock_task(call.project, id, call.given_list("by"));
}

queue::Task approve_one(Call& call, const std::string& id) {
  return project::approve_task(call.project, id);
}

namespace handlers {

Reply list_task_moves(Call&) {
  Json moves = Json::array();
  for (const queue::LegalMove& move : queue::legal_moves())
    moves.push_back({{"from", to_string(move.from)}, {"to", to_string(move.to)}, {"by", to_string(move.by)}});
  return {{{"moves", std::move(moves)}}};
}

Reply move_task(Call& call) {
  return carry_out(call, move_one);
}

Reply claim_task(Call& call) {
  return carry_out(call, claim_one);
}

Reply renew_task(Call& call) {
  return carry_out(call, renew_one);
}

Reply release_task(Call& call) {
  return carry_out(call, release_one);
}

Reply close_task(Call& call) {
  return carry_out(call, close_one);
}

Reply drop_task(Call& call) {
  return carry_out(call, drop_one);
}

Reply block_task(Call& call) {
  return carry_out(call, block_one);
}

Reply unblock_task(Call& call) {
  return carry_out(call, unblock_one);
}

Reply approve_task(Call& call) {
  return carry_out(call, approve_one);
}

Reply claim_next_tasks(Call& call) {
  call.project.require_state();
  const queue::ClaimFilter filter{call.given("role"), call.given_list("labels")};
  const auto count = static_cast<std::size_t>(json_integer(call.body, "count").value_or(1));
  Json tasks = Json::array();
  for (const queue::Task& task : call.project.tasks().claim_batch(filter, terms_of(call), count))
    tasks.push_back(task_reply(call, task).body);
  const std::string reason = tasks.empty() ? "no task is ready that may be claimed so" : "";
  return {{{"tasks", std::move(tasks)}, {"reason", reason}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
