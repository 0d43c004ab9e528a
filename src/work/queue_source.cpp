#include "work/queue_source.hpp"

#include "store/task_records.hpp"
#include "support/error.hpp"

namespace changeling::work {

SourceClaim QueueSource::claim(const queue::ClaimFilter& filter, const std::string& worker) {
  queue::ClaimTerms terms;
  terms.owner = worker;
  terms.run = run_;
  terms.now = clock_.now();
  terms.lease = terms_.lease;
  terms.most_attempts = terms_.most_attempts;
  try {
    const store::ClaimResult result = queue_.claim(filter, terms);
    if (const auto* task = std::get_if<queue::Task>(&result)) return SourcedClaim{*task, task->last_token};
    return NothingReady{};
  } catch (const Error& error) {
    // Another process keeps a lock, or the state never stood still; both pass.
    if (error.kind() != ErrorKind::Unavailable && error.kind() != ErrorKind::Conflict) throw;
    return Unreachable{error.what()};
  }
}

bool QueueSource::holds(const SourcedClaim& claim, const std::string&) {
  const store::Snapshot snapshot = queue_.store().snapshot();
  const bool same = seen_.task == claim.task.id && seen_.token == claim.token;
  if (same && seen_.tip == snapshot.commit()) return true;
  // Nobody can tell who holds a task whose record is damaged, so this worker does not.
  const auto task = read_sound_task(snapshot, claim.task.id);
  if (!task || !task->lease || task->lease->token != claim.token) return false;
  seen_ = {claim.task.id, claim.token, snapshot.commit()};
  return true;
}

void QueueSource::renew(const SourcedClaim& claim) {
  queue_.renew(claim.task.id, claim.token, terms_.lease);
}

void QueueSource::finish(const SourcedClaim& claim, const TaskResult& result) {
  if (result.success || result.undelivered) {
    queue_.complete(claim.task.id, claim.token, result.check, result.artifacts);
    return;
  }
  queue::Attempt attempt;
  attempt.run = result.run;
  attempt.owner = claim.task.lease ? claim.task.lease->owner : claim.task.assignee_agent;
  attempt.outcome = result.outcome;
  attempt.error = result.error;
  attempt.ended_at = clock_.now();
  queue_.release(claim.task.id, claim.token, attempt, terms_.most_attempts);
}

std::vector<queue::Task> QueueSource::peek(const queue::ClaimFilter& filter, std::size_t limit) {
  store::TaskIndex& index = queue_.index();
  const store::Snapshot snapshot = index.follow();
  std::vector<queue::Task> tasks;
  for (const std::string& id : index.claimable(filter, clock_.now(), limit + filter.except.size())) {
    auto task = read_sound_task(snapshot, id);
    if (task && matches(*task, filter) && tasks.size() < limit) tasks.push_back(std::move(*task));
  }
  return tasks;
}

std::optional<SourcedClaim> QueueSource::find_claim(const std::string& run) {
  if (run.empty()) return std::nullopt;
  store::TaskQuery query;
  query.statuses = {queue::TaskStatus::InFlight};
  query.limit = 0;
  store::TaskIndex& index = queue_.index();
  const store::Snapshot snapshot = index.follow();
  for (const std::string& id : index.find(query)) {
    const auto task = read_sound_task(snapshot, id);
    if (task && task->lease && task->assignee_run == run) return SourcedClaim{*task, task->lease->token};
  }
  return std::nullopt;
}

}  // namespace changeling::work
