#include "queue/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "queue/moves.hpp"
#include "support/error.hpp"
#include "support/reading_limits.hpp"
#include "support/text.hpp"

namespace changeling::queue {
namespace {

constexpr std::string_view released_outcome = "released";
constexpr std::string_view expired_outcome = "expired";
constexpr std::string_view dropped_outcome = "dropped";

/// Every change of status goes through here, so that none escapes the table.
void go_to(Task& task, TaskStatus to, Operation by) {
  check_move(task, to, by);
  task.status = to;
  if (to != TaskStatus::InFlight) task.lease.reset();
  if (to != TaskStatus::Blocked) task.blocked_reason.clear();
}

void unassign(Task& task) {
  task.assignee_agent.clear();
  task.assignee_run.clear();
}

bool attempts_are_used_up(const Task& task, std::int64_t most_attempts) {
  return most_attempts > 0 && counted_attempts(task) >= most_attempts;
}

std::string exhaustion(const Task& task) {
  const Attempt& last = task.attempts.back();
  return fmt::format("{} attempts failed, the last one: {}{}", counted_attempts(task), last.outcome,
                     last.error.empty() ? "" : " (" + last.error + ")");
}

/// Ends the claim: the attempt is noted, and the task goes back to ready or, as the last one, to blocked.
void end_claim(Task& task, const Attempt& attempt, std::int64_t most_attempts, Operation by) {
  task.attempts.push_back(attempt);
  const bool last = attempts_are_used_up(task, most_attempts);
  go_to(task, last ? TaskStatus::Blocked : TaskStatus::Ready, by);
  if (last) task.blocked_reason = exhaustion(task);
  unassign(task);
  task.updated_at = attempt.ended_at;
  task.updated_by = attempt.owner;
}

Attempt expired_attempt(const Task& task, Timestamp now) {
  Attempt attempt;
  attempt.run = task.assignee_run;
  attempt.owner = task.lease ? task.lease->owner : task.assignee_agent;
  attempt.outcome = std::string(expired_outcome);
  attempt.error = task.lease ? "the lease ran out at " + format_timestamp(task.lease->expires_at)
                             : "the task was in flight without a lease";
  attempt.ended_at = now;
  return attempt;
}

std::string why_not_ready(const Task& task) {
  std::string text = fmt::format("task {} is {}, not ready", task.id, shown_status(task));
  if (!task.blocked_reason.empty()) text += ": " + task.blocked_reason;
  return text;
}

/// How a task that nobody has claimed gets to where it can be worked on.
std::string way_to_a_claim(const Task& task) {
  switch (task.status) {
    case TaskStatus::Inbox:
    case TaskStatus::Planning:
      return fmt::format("it is claimed once it is ready: git changeling task move {} ready", task.id);
    case TaskStatus::Blocked:
      return fmt::format("it is claimed once it is unblocked: git changeling task unblock {}", task.id);
    case TaskStatus::Review:
      return fmt::format("a person decides now: git changeling task move {} done", task.id);
    case TaskStatus::Done:
      return fmt::format("nothing is left to do; to take it up again: git changeling task move {} ready",
                         task.id);
    case TaskStatus::Ready:
    case TaskStatus::InFlight:
      break;
  }
  return fmt::format("git changeling task claim {}", task.id);
}

void forgive_attempts(Task& task) {
  task.forgiven_attempts = static_cast<std::int64_t>(task.attempts.size());
}

void check_closable(const Task& task, const Closer& closer) {
  if (closer.token) return check_token(task, *closer.token);
  if (task.status != TaskStatus::InFlight) return;
  const std::string owner = task.lease ? task.lease->owner : task.assignee_agent;
  std::string hint = fmt::format("take it away first: git changeling task block {} --reason TEXT", task.id);
  if (!task.assignee_run.empty()) {
    hint = fmt::format("stop the run that works on it first: git changeling stop {}", task.assignee_run);
  } else if (task.lease && owner == closer.worker) {
    return;
  }
  throw Error(ErrorKind::Refused,
              fmt::format("task {} is in_flight, claimed by {}, and cannot be closed", task.id,
                          owner.empty() ? "nobody" : owner),
              hint);
}

}  // namespace

std::int64_t counted_attempts(const Task& task) {
  const auto forgiven =
      std::clamp<std::int64_t>(task.forgiven_attempts, 0, static_cast<std::int64_t>(task.attempts.size()));
  return std::count_if(task.attempts.begin() + forgiven, task.attempts.end(),
                       [](const Attempt& attempt) { return attempt.outcome != released_outcome; });
}

std::int64_t unpublished_token_step() {
  // Below 2^31, so that a task can be claimed this way millions of times before the token leaves the numbers
  // that JSON readers keep exactly.
  static thread_local std::mt19937_64 random{std::random_device{}()};
  return std::uniform_int_distribution<std::int64_t>(2, (std::int64_t{1} << 31) - 1)(random);
}

ClaimDecision decide_claim(Task task, const std::vector<std::string>& open_blockers,
                           const ClaimTerms& terms) {
  if (task.status == TaskStatus::InFlight) {
    if (task.lease && task.lease->expires_at > terms.now) {
      return NotClaimable{fmt::format("task {} is claimed by {} until {}", task.id, task.lease->owner,
                                      format_timestamp(task.lease->expires_at))};
    }
  } else if (task.status != TaskStatus::Ready) {
    return NotClaimable{why_not_ready(task)};
  }
  if (!open_blockers.empty()) {
    return NotClaimable{
        fmt::format("task {} waits for {}, not done yet", task.id, join(open_blockers, ", "))};
  }
  if (const Gate* gate = closed_gate(task, terms.now)) {
    return NotClaimable{fmt::format("task {} waits for {}", task.id, describe(*gate, task.id))};
  }
  if (terms.token_step < 0 || task.last_token > most_number - terms.token_step) {
    return NotClaimable{fmt::format("task {} has no further token; add it anew", task.id)};
  }
  if (task.status == TaskStatus::InFlight) {
    end_claim(task, expired_attempt(task, terms.now), terms.most_attempts, Operation::Expire);
    if (task.status == TaskStatus::Blocked) return Exhausted{std::move(task)};
  }
  if (attempts_are_used_up(task, terms.most_attempts)) {
    const std::string reason = exhaustion(task);
    go_to(task, TaskStatus::Blocked, Operation::Block);
    task.blocked_reason = reason;
    task.updated_at = terms.now;
    task.updated_by = terms.owner;
    return Exhausted{std::move(task)};
  }
  go_to(task, TaskStatus::InFlight, Operation::Claim);
  task.last_token += terms.token_step;
  task.lease = Lease{terms.owner, task.last_token, terms.now + terms.lease};
  task.assignee_agent = terms.owner;
  task.assignee_run = terms.run;
  task.updated_at = terms.now;
  task.updated_by = terms.owner;
  return Claimed{std::move(task)};
}

bool matches(const Task& task, const ClaimFilter& filter) {
  if (std::find(filter.except.begin(), filter.except.end(), task.id) != filter.except.end()) return false;
  const auto& roles = filter.except_roles;
  if (std::find(roles.begin(), roles.end(), task.role) != roles.end()) return false;
  if (!filter.role.empty() && !task.role.empty() && task.role != filter.role) return false;
  return std::all_of(filter.labels.begin(), filter.labels.end(), [&](const std::string& label) {
    return std::binary_search(task.labels.begin(), task.labels.end(), label);
  });
}

bool claimed_before(const Task& one, const Task& two) {
  return std::tie(two.priority, one.created_at, one.id) < std::tie(one.priority, two.created_at, two.id);
}

void check_token(const Task& task, std::int64_t token) {
  if (!task.lease) {
    throw Error(ErrorKind::Refused,
                fmt::format("token {} of task {} no longer counts: the task is {} and claimed by nobody",
                            token, task.id, shown_status(task)),
                way_to_a_claim(task));
  }
  if (task.lease->token != token) {
    throw Error(
        ErrorKind::Refused,
        fmt::format("token {} of task {} no longer counts: {} holds it with token {}", token, task.id,
                    task.lease->owner, task.lease->token),
        "leave --token out if that is your name; otherwise the claim is lost, and git changeling task "
        "claim gives another task");
  }
}

void check_removable(const Task& task, RemovalPolicy policy, Timestamp now) {
  if (policy == RemovalPolicy::Any || !task.lease || task.lease->expires_at <= now) return;
  throw Error(ErrorKind::Refused, fmt::format("task {} is claimed by {}", task.id, task.lease->owner),
              fmt::format("take it away first: git changeling task block {} --reason TEXT, or remove it with "
                          "--force",
                          task.id));
}

std::int64_t held_token(const Task& task, const std::string& worker) {
  if (!task.lease) {
    throw Error(ErrorKind::Refused,
                fmt::format("task {} is {} and nobody holds a claim of it", task.id, shown_status(task)),
                way_to_a_claim(task));
  }
  if (task.lease->owner != worker) {
    throw Error(ErrorKind::Refused,
                fmt::format("task {} is claimed by {}, and this is {}", task.id, task.lease->owner, worker),
                "say who you are with --as, or show the token that the claim gave with --token");
  }
  if (!task.assignee_run.empty()) {
    throw Error(
        ErrorKind::Refused, fmt::format("run {} works on task {}", task.assignee_run, task.id),
        fmt::format("stop it: git changeling stop {}; or show the token with --token", task.assignee_run));
  }
  return task.lease->token;
}

Task renewed(Task task, std::int64_t token, Timestamp now, Duration lease) {
  check_token(task, token);
  task.lease->expires_at = now + lease;
  task.updated_at = now;
  task.updated_by = task.lease->owner;
  return task;
}

Task released(Task task, std::int64_t token, const Attempt& attempt, std::int64_t most_attempts) {
  check_token(task, token);
  end_claim(task, attempt, most_attempts, Operation::Release);
  return task;
}

Task moved(Task task, TaskStatus to) {
  const TaskStatus from = task.status;
  go_to(task, to, Operation::Move);
  if (from == TaskStatus::Blocked || from == TaskStatus::Review || from == TaskStatus::Done) {
    forgive_attempts(task);
    if (to != TaskStatus::Done) unassign(task);
  }
  return task;
}

Task blocked(Task task, const std::string& reason) {
  if (trim(reason).empty()) {
    throw Error(ErrorKind::Usage, fmt::format("blocking task {} needs a reason", task.id));
  }
  go_to(task, TaskStatus::Blocked, Operation::Block);
  task.blocked_reason = reason;
  unassign(task);
  return task;
}

Task unblocked(Task task) {
  go_to(task, TaskStatus::Ready, Operation::Unblock);
  forgive_attempts(task);
  return task;
}

Task closed(Task task, const Closer& closer) {
  check_closable(task, closer);
  go_to(task, TaskStatus::Done, Operation::Close);
  forgive_attempts(task);
  return task;
}

Task dropped(Task task, const Closer& closer, Attempt attempt) {
  task = closed(std::move(task), closer);
  attempt.outcome = std::string(dropped_outcome);
  task.attempts.push_back(std::move(attempt));
  return task;
}

bool is_dropped(const Task& task) {
  // Whoever takes it up again forgives the attempt, so that a later completion is none.
  return task.status == TaskStatus::Done && !task.attempts.empty() &&
         task.attempts.back().outcome == dropped_outcome &&
         task.forgiven_attempts < static_cast<std::int64_t>(task.attempts.size());
}

std::string_view shown_status(const Task& task) {
  return is_dropped(task) ? dropped_outcome : to_string(task.status);
}

Task completed(Task task, std::int64_t token, const CompletionCheck& check, std::vector<Artifact> artifacts,
               Timestamp now) {
  check_token(task, token);
  if (!check.unmet.empty()) {
    throw Error(ErrorKind::Refused,
                fmt::format("task {} is not complete: {}", task.id, join(check.unmet, "; ")),
                fmt::format("finish it, or give it back with: git changeling task release {} --token {}",
                            task.id, token));
  }
  const std::string owner = task.lease->owner;
  go_to(task, check.needs_review ? TaskStatus::Review : TaskStatus::Done, Operation::Complete);
  std::move(artifacts.begin(), artifacts.end(), std::back_inserter(task.artifacts));
  task.updated_at = now;
  task.updated_by = owner;
  return task;
}

}  // namespace changeling::queue
