#include "queue/rules.hpp"

#include <doctest/doctest.h>

#include <map>

#include "support/error.hpp"

using namespace changeling;
using namespace changeling::queue;

namespace {

const Timestamp noon = parse_timestamp("2026-11-20T12:00:00Z");
constexpr auto minute = std::chrono::minutes(1);

Task ready_task(const std::string& id = "bcdf2345") {
  Task task;
  task.id = id;
  task.title = "t";
  task.status = TaskStatus::Ready;
  task.created_at = noon;
  return task;
}

ClaimTerms terms_of(const std::string& owner, Timestamp now = noon) {
  return {owner, now, std::chrono::minutes(10), 3};
}

Task claimed_task(const std::string& owner = "one") {
  return std::get<Claimed>(decide_claim(ready_task(), {}, terms_of(owner))).task;
}

Attempt attempt_of(const std::string& owner, const std::string& outcome, const std::string& error = "") {
  return {"run1", owner, outcome, error, noon + minute};
}

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Refused);
    return error.what();
  }
  return "allowed";
}

}  // namespace

TEST_CASE("a claim gives a lease with the next token") {
  Task task = ready_task();
  task.last_token = 4;
  const Task claimed = std::get<Claimed>(decide_claim(task, {}, terms_of("one"))).task;
  CHECK(claimed.status == TaskStatus::InFlight);
  CHECK(claimed.lease->owner == "one");
  CHECK(claimed.lease->token == 5);
  CHECK(claimed.last_token == 5);
  CHECK(claimed.lease->expires_at == noon + 10 * minute);
  CHECK(claimed.assignee_agent == "one");
  CHECK(claimed.updated_by == "one");
}

TEST_CASE("what cannot be claimed says why") {
  const auto reason = [](const Task& task, const std::vector<std::string>& blockers = {}) {
    return std::get<NotClaimable>(decide_claim(task, blockers, terms_of("two"))).reason;
  };
  Task task = ready_task();
  CHECK(reason(task, {"cccc2222"}) == "task bcdf2345 waits for cccc2222, not done yet");
  CHECK(reason(claimed_task()) == "task bcdf2345 is claimed by one until 2026-11-20T12:10:00.000Z");
  task.status = TaskStatus::Inbox;
  CHECK(reason(task) == "task bcdf2345 is inbox, not ready");
  task.status = TaskStatus::Blocked;
  task.blocked_reason = "no key";
  CHECK(reason(task) == "task bcdf2345 is blocked, not ready: no key");
}

TEST_CASE("an expired lease is taken over, and the lost claim is an attempt") {
  Task task = claimed_task();
  task.assignee_run = "run7";
  CHECK(std::holds_alternative<NotClaimable>(
      decide_claim(task, {}, terms_of("two", task.lease->expires_at - Duration(1)))));
  const Task taken = std::get<Claimed>(decide_claim(task, {}, terms_of("two", task.lease->expires_at))).task;
  CHECK(taken.lease->owner == "two");
  CHECK(taken.lease->token == 2);
  REQUIRE(taken.attempts.size() == 1);
  CHECK(taken.attempts[0].outcome == "expired");
  CHECK(taken.attempts[0].owner == "one");
  CHECK(taken.attempts[0].run == "run7");
  CHECK(taken.attempts[0].error == "the lease ran out at 2026-11-20T12:10:00.000Z");
  CHECK(taken.assignee_run.empty());
}

TEST_CASE("an expired task that waits for another stays as it is") {
  const Task task = claimed_task();
  CHECK(std::holds_alternative<NotClaimable>(
      decide_claim(task, {"cccc2222"}, terms_of("two", task.lease->expires_at))));
}

TEST_CASE("after the last attempt the task is blocked with the reason") {
  Task task = claimed_task();
  task.attempts = {attempt_of("a", "failed"), attempt_of("b", "timed-out")};
  const auto decision = decide_claim(task, {}, terms_of("two", noon + std::chrono::hours(1)));
  const Task blocked_task = std::get<Exhausted>(decision).task;
  CHECK(blocked_task.status == TaskStatus::Blocked);
  CHECK(blocked_task.blocked_reason ==
        "3 attempts failed, the last one: expired (the lease ran out at 2026-11-20T12:10:00.000Z)");
  CHECK_FALSE(blocked_task.lease);
  CHECK(blocked_task.assignee_agent.empty());

  Task ready = ready_task();
  ready.attempts = {attempt_of("a", "failed"), attempt_of("b", "failed"), attempt_of("c", "failed", "no")};
  CHECK(std::get<Exhausted>(decide_claim(ready, {}, terms_of("d"))).task.blocked_reason ==
        "3 attempts failed, the last one: failed (no)");
  ClaimTerms unlimited = terms_of("d");
  unlimited.most_attempts = 0;
  CHECK(std::holds_alternative<Claimed>(decide_claim(ready, {}, unlimited)));
}

TEST_CASE("releasing notes the attempt and gives the task back") {
  const Task task = released(claimed_task(), 1, attempt_of("one", "failed", "no tests"), 3);
  CHECK(task.status == TaskStatus::Ready);
  CHECK_FALSE(task.lease);
  CHECK(task.last_token == 1);
  CHECK(task.assignee_agent.empty());
  REQUIRE(task.attempts.size() == 1);
  CHECK(task.attempts[0].error == "no tests");
  CHECK(task.updated_at == noon + minute);

  Task tired = claimed_task();
  tired.attempts = {attempt_of("a", "failed"), attempt_of("b", "failed")};
  const Task last = released(tired, 1, attempt_of("one", "failed", "again"), 3);
  CHECK(last.status == TaskStatus::Blocked);
  CHECK(last.blocked_reason == "3 attempts failed, the last one: failed (again)");
}

TEST_CASE("a worker that is shut down does not use up an attempt") {
  Task task = claimed_task();
  task.attempts = {attempt_of("a", "failed"), attempt_of("b", "failed")};
  CHECK(released(task, 1, attempt_of("one", "released"), 3).status == TaskStatus::Ready);
}

TEST_CASE("a person who lets a task go on forgives its attempts") {
  Task task = ready_task();
  task.attempts = {attempt_of("a", "failed"), attempt_of("b", "failed"), attempt_of("c", "failed")};
  const Task stuck = std::get<Exhausted>(decide_claim(task, {}, terms_of("d"))).task;
  const Task again = unblocked(stuck);
  CHECK(again.status == TaskStatus::Ready);
  CHECK(again.blocked_reason.empty());
  CHECK(again.attempts.size() == 3);
  CHECK(counted_attempts(again) == 0);
  CHECK(std::holds_alternative<Claimed>(decide_claim(again, {}, terms_of("d"))));
  CHECK(counted_attempts(moved(stuck, TaskStatus::Planning)) == 0);
}

TEST_CASE("a stale token is refused everywhere, an overdue one is not") {
  const Task first = claimed_task("one");
  const Task second =
      std::get<Claimed>(decide_claim(first, {}, terms_of("two", noon + std::chrono::hours(1)))).task;
  const std::string stale = "token 1 of task bcdf2345 no longer counts: two holds it with token 2";
  CHECK(refusal([&] { check_token(second, 1); }) == stale);
  CHECK(refusal([&] { renewed(second, 1, noon, minute); }) == stale);
  CHECK(refusal([&] { released(second, 1, attempt_of("one", "failed"), 3); }) == stale);
  CHECK(refusal([&] { completed(second, 1, {}, {}, noon); }) == stale);
  const Task done = completed(second, 2, {}, {}, noon);
  CHECK(refusal([&] { check_token(done, 2); }) ==
        "token 2 of task bcdf2345 no longer counts: the task is done and claimed by nobody");
  CHECK(refusal([&] { check_token(blocked(first, "why"), 1); }).starts_with("token 1 of task bcdf2345"));
  CHECK(completed(first, 1, {}, {}, noon + std::chrono::hours(5)).status == TaskStatus::Done);
}

TEST_CASE("renewing extends the lease from now and keeps the token") {
  const Task task = renewed(claimed_task(), 1, noon + 5 * minute, 20 * minute);
  CHECK(task.lease->expires_at == noon + 25 * minute);
  CHECK(task.lease->token == 1);
}

TEST_CASE("completing goes to review or done, and not at all with something unmet") {
  const Artifact artifact{Artifact::Kind::Link, "https://example.com", "page", noon};
  const Task reviewed = completed(claimed_task(), 1, {{}, true}, {artifact}, noon + minute);
  CHECK(reviewed.status == TaskStatus::Review);
  CHECK(reviewed.artifacts.size() == 1);
  CHECK(reviewed.assignee_agent == "one");
  CHECK_FALSE(reviewed.lease);
  CHECK(completed(claimed_task(), 1, {}, {}, noon).status == TaskStatus::Done);
  CHECK(refusal([] {
          completed(claimed_task(), 1, {{"no a.txt", "make fails"}, false}, {}, noon);
        }) == "task bcdf2345 is not complete: no a.txt; make fails");
  CHECK(counted_attempts(moved(reviewed, TaskStatus::Ready)) == 0);
  CHECK(moved(reviewed, TaskStatus::Ready).assignee_agent.empty());
  CHECK(moved(reviewed, TaskStatus::Done).assignee_agent == "one");
}

TEST_CASE("a filter asks for a role and for all labels") {
  Task task = ready_task();
  task.labels = {"a", "b"};
  CHECK(matches(task, {}));
  CHECK(matches(task, {"coder", {}}));
  CHECK(matches(task, {"", {"a", "b"}}));
  CHECK_FALSE(matches(task, {"", {"a", "c"}}));
  task.role = "coder";
  CHECK(matches(task, {}));
  CHECK(matches(task, {"coder", {"b"}}));
  CHECK_FALSE(matches(task, {"reviewer", {}}));
}

TEST_CASE("a filter leaves out roles, or tasks without one") {
  Task task = ready_task();
  CHECK(matches(task, {.role = "", .labels = {}, .except = {}, .except_roles = {"coder"}}));
  CHECK_FALSE(matches(task, {.role = "coder", .labels = {}, .except = {}, .except_roles = {""}}));
  task.role = "coder";
  CHECK(matches(task, {.role = "", .labels = {}, .except = {}, .except_roles = {""}}));
  CHECK_FALSE(matches(task, {.role = "coder", .labels = {}, .except = {}, .except_roles = {"coder"}}));
}

TEST_CASE("a cycle is found with its path") {
  const std::map<std::string, std::vector<std::string>> links{
      {"b", {"c", "x"}}, {"c", {"d"}}, {"d", {}}, {"e", {"e"}}, {"x", {"d"}}};
  const auto blockers_of = [&](const std::string& id) {
    const auto found = links.find(id);
    return found == links.end() ? std::vector<std::string>{} : found->second;
  };
  CHECK(find_cycle("d", "b", blockers_of) == std::vector<std::string>{"d", "b", "c", "d"});
  CHECK_FALSE(find_cycle("b", "d", blockers_of));
  CHECK_FALSE(find_cycle("a", "b", blockers_of));
  CHECK(find_cycle("a", "a", blockers_of) == std::vector<std::string>{"a", "a"});
  CHECK_FALSE(find_any_cycle({"a", "b", "c"}, blockers_of));
  CHECK(find_any_cycle({"b", "e"}, blockers_of) == std::vector<std::string>{"e", "e"});
}

TEST_CASE("a claim may name the run that it is for") {
  ClaimTerms terms = terms_of("one");
  terms.run = "run1";
  CHECK(std::get<Claimed>(decide_claim(ready_task(), {}, terms)).task.assignee_run == "run1");
  CHECK(claimed_task().assignee_run.empty());
}

TEST_CASE("a worker can leave tasks to others") {
  CHECK(matches(ready_task("bcdf2345"), {"", {}, {"other234"}}));
  CHECK_FALSE(matches(ready_task("bcdf2345"), {"", {}, {"other234", "bcdf2345"}}));
}

TEST_CASE("a claimed task is removed by force only, or once its lease has run out") {
  const Task task = claimed_task("one");
  const auto remove = [&](RemovalPolicy policy, Timestamp now) {
    return refusal([&] { check_removable(task, policy, now); });
  };
  CHECK(remove(RemovalPolicy::Unclaimed, noon + minute).find("claimed by one") != std::string::npos);
  CHECK(remove(RemovalPolicy::Any, noon + minute) == "allowed");
  CHECK(remove(RemovalPolicy::Unclaimed, noon + 11 * minute) == "allowed");
  CHECK(refusal([] { check_removable(ready_task(), RemovalPolicy::Unclaimed, noon); }) == "allowed");
}

TEST_CASE("whoever holds the claim has its token") {
  Task task = claimed_task("one");
  CHECK(held_token(task, "one") == task.lease->token);
  CHECK(refusal([&] { held_token(task, "two"); }) == "task bcdf2345 is claimed by one, and this is two");
  CHECK(refusal([] { held_token(ready_task(), "one"); }) ==
        "task bcdf2345 is ready and nobody holds a claim of it");
  task.assignee_run = "run1";
  CHECK(refusal([&] { held_token(task, "one"); }) == "run run1 works on task bcdf2345");
}

TEST_CASE("a dropped task is done, tells why, and can be taken up again") {
  Task task = dropped(ready_task(), {}, attempt_of("person", "", "nobody needs it"));
  CHECK(task.status == TaskStatus::Done);
  CHECK(is_dropped(task));
  CHECK(task.attempts.back().outcome == "dropped");
  CHECK(task.attempts.back().error == "nobody needs it");
  task = moved(task, TaskStatus::Ready);
  CHECK(counted_attempts(task) == 0);
  CHECK_FALSE(is_dropped(closed(task, {})));
  CHECK_FALSE(is_dropped(task));
}

TEST_CASE("closing clears why a task was blocked") {
  const Task task = closed(blocked(ready_task(), "waits"), {});
  CHECK(task.status == TaskStatus::Done);
  CHECK(task.blocked_reason.empty());
}

TEST_CASE("whoever holds the claim closes the task, and nobody else") {
  Task task = claimed_task("one");
  const auto hint = [&](const Closer& closer) {
    try {
      const Task done = closed(task, closer);
      CHECK(done.status == TaskStatus::Done);
      CHECK(is_dropped(dropped(task, closer, attempt_of("one", "", "why"))));
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::Refused);
      CHECK_THROWS_AS(dropped(task, closer, {}), Error);
      return error.hint();
    }
    return std::string("closed");
  };
  const std::string block = "take it away first: git changeling task block bcdf2345 --reason TEXT";
  CHECK(hint({"one", std::nullopt}) == "closed");
  CHECK(hint({"two", task.lease->token}) == "closed");
  CHECK(hint({"two", std::nullopt}) == block);
  CHECK(hint({"", std::nullopt}) == block);
  CHECK(hint({"one", task.lease->token + 1}).find("--token") != std::string::npos);
  CHECK_FALSE(closed(task, {"one", std::nullopt}).lease);
  task.assignee_run = "run1";
  CHECK(hint({"one", std::nullopt}).ends_with("git changeling stop run1"));
  CHECK(hint({"two", std::nullopt}).ends_with("git changeling stop run1"));
  CHECK(hint({"", task.lease->token}) == "closed");
  task.assignee_run.clear();
  task.lease.reset();
  CHECK(hint({"one", std::nullopt}) == block);
  task = ready_task();
  CHECK(hint({"two", std::nullopt}) == "closed");
}

TEST_CASE("the hint to a claim that nobody holds is one that works") {
  const auto hint = [](Task task, const std::function<void(const Task&)>& rule) {
    try {
      rule(task);
    } catch (const Error& error) {
      return error.hint();
    }
    return std::string();
  };
  for (const auto& [status, command] : {std::pair(TaskStatus::Inbox, "task move bcdf2345 ready"),
                                        std::pair(TaskStatus::Ready, "task claim bcdf2345"),
                                        std::pair(TaskStatus::Blocked, "task unblock bcdf2345"),
                                        std::pair(TaskStatus::Review, "task move bcdf2345 done"),
                                        std::pair(TaskStatus::Done, "task move bcdf2345 ready")}) {
    Task task = ready_task();
    task.status = status;
    CHECK(hint(task, [](const Task& one) { held_token(one, "one"); }).ends_with(command));
    CHECK(hint(task, [](const Task& one) { check_token(one, 7); }).ends_with(command));
  }
  CHECK(hint(claimed_task(), [](const Task& one) { check_token(one, 7); }).find("--token") !=
        std::string::npos);
}

TEST_CASE("a dropped task is called so") {
  const Task task = dropped(ready_task(), {}, attempt_of("person", "", "nobody needs it"));
  CHECK(shown_status(task) == "dropped");
  CHECK(refusal([&] { closed(task, {}); }).starts_with("task bcdf2345 is dropped and cannot be closed"));
}
