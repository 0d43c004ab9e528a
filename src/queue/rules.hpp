#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "queue/task.hpp"

namespace changeling::queue {

// What may happen to one task, as pure functions: a task in, the changed task or the refusal out.

/// Which tasks a worker wants.
struct ClaimFilter {
  std::string role;                            ///< Empty: any. Otherwise tasks with this role or without one.
  std::vector<std::string> labels;             ///< All of them must be on the task.
  std::vector<std::string> except = {};        ///< Ids of tasks that it does not want now.
  std::vector<std::string> except_roles = {};  ///< Not of these roles; "": tasks without one.
};

struct ClaimTerms {
  std::string owner;
  Timestamp now{};
  Duration lease{};                ///< How long the claim lasts without renewal.
  std::int64_t most_attempts = 3;  ///< 0: no limit.
  /// From the highest token so far to the new one. Claims that are not published take a random larger step,
  /// so that two machines that cannot see each other do not give out the same token.
  std::int64_t token_step = 1;
  std::string run = {};  ///< Id of the run that will work on it, where it is known already.
};

/// A random step for a claim that is not published.
std::int64_t unpublished_token_step();

struct Claimed {
  Task task;
};
/// The attempts are used up: the task goes to blocked instead, with the reason.
struct Exhausted {
  Task task;
};
/// Not claimable now, with a sentence why.
struct NotClaimable {
  std::string reason;
};
using ClaimDecision = std::variant<Claimed, Exhausted, NotClaimable>;

/// `open_blockers` are the ids in blocked_by whose tasks are not done. An expired lease is taken over: the
/// old claim becomes an attempt "expired". The new token is last_token + 1.
ClaimDecision decide_claim(Task task, const std::vector<std::string>& open_blockers, const ClaimTerms& terms);

/// The first gate that keeps the task from being claimed, or nothing.
const Gate* closed_gate(const Task& task, Timestamp now);
/// When the last of the task's gates of time opens: the earliest time at which it may be claimed, as far as
/// its gates decide. Nothing while a person or a check is waited for.
std::optional<Timestamp> gates_open_at(const Task& task);
/// What a person does with `task approve`: opens the gates that wait for one. Throws Error(Refused) when
/// there is none.
Task approved(Task task, const std::string& by, Timestamp now);
/// Opens the gates of this check on this branch (as they are written in the task).
Task check_passed(Task task, const std::string& check, const std::string& branch, Timestamp now);
/// The criteria of a role, added to those of a task that has it; none twice.
void add_criteria(Task& task, const std::vector<Criterion>& criteria);
/// Takes those of a role away that the task has left.
void remove_criteria(Task& task, const std::vector<Criterion>& criteria);

bool matches(const Task& task, const ClaimFilter& filter);

/// Attempts that count to the limit: those that a person has not forgiven, without the ones that a worker
/// ended of its own accord ("released"): being shut down is not the task's fault.
std::int64_t counted_attempts(const Task& task);

/// The order of claiming: higher priority, then older, then smaller id. A strict weak order.
bool claimed_before(const Task& one, const Task& two);

/// Throws Error(Refused) unless the task's lease has this token and has not passed to anybody else. An
/// expired lease nobody took over still counts: work done late is better than work thrown away.
void check_token(const Task& task, std::int64_t token);

/// The token of the claim that this worker holds, who need not type it again. Throws Error(Refused) when the
/// claim is another's, and for one that a run works under: what its worker holds is not for a person of the
/// same name.
std::int64_t held_token(const Task& task, const std::string& worker);

Task renewed(Task task, std::int64_t token, Timestamp now, Duration lease);
/// Back to ready with the attempt noted; to blocked when the attempts are used up.
Task released(Task task, std::int64_t token, const Attempt& attempt, std::int64_t most_attempts);

/// Whether the task may be removed while it is claimed.
enum class RemovalPolicy { Unclaimed, Any };
/// Throws Error(Refused) for a task with a valid claim under the policy Unclaimed: whoever works on it would
/// lose the work.
void check_removable(const Task& task, RemovalPolicy policy, Timestamp now);

/// What a person does with `task move`, `block` and `unblock`. Blocking takes a claim away. A task that a
/// person lets go on (out of blocked, review or done) has all its attempts forgiven. Throw Error(Refused) as
/// check_move.
Task moved(Task task, TaskStatus to);
Task blocked(Task task, const std::string& reason);
Task unblocked(Task task);

/// Who closes a task, which matters while it is claimed.
struct Closer {
  std::string worker;                 ///< May close what it has claimed, unless a run works on it.
  std::optional<std::int64_t> token;  ///< Shown instead: that of the claim.
};
/// What a person does with `task done`: the task is settled, whatever its criteria say. Throws Error(Refused)
/// when somebody else has claimed it, with what to type first.
Task closed(Task task, const Closer& closer);
/// What a person does with `task drop`: as closed, with the attempt noted, whose outcome becomes "dropped".
Task dropped(Task task, const Closer& closer, Attempt attempt);
/// Whether the task is done because nobody will do it.
bool is_dropped(const Task& task);
/// The status as people see it: "dropped" for a task that is done because nobody will do it.
std::string_view shown_status(const Task& task);

/// The unmet criteria of a completion, as sentences; what needs a person is not among them.
struct CompletionCheck {
  std::vector<std::string> unmet;
  bool needs_review = false;  ///< A text criterion or a pull request waits for a person.
};
/// Goes to review or done. Throws Error(Refused) naming what is unmet. Never called for a failed run.
Task completed(Task task, std::int64_t token, const CompletionCheck& check, std::vector<Artifact> artifacts,
               Timestamp now);

/// A path task → … → task of blocked_by links that adding `blocker` to `task` would close, or nothing.
/// `blockers_of` gives the blocked_by of any task.
std::optional<std::vector<std::string>> find_cycle(
    const std::string& task, const std::string& blocker,
    const std::function<std::vector<std::string>(const std::string&)>& blockers_of);

/// A cycle that can be reached from any of `starts`, as the path around it with the first id repeated at the
/// end, or nothing. Each task is looked at once.
std::optional<std::vector<std::string>> find_any_cycle(
    const std::vector<std::string>& starts,
    const std::function<std::vector<std::string>(const std::string&)>& blockers_of);

}  // namespace changeling::queue
