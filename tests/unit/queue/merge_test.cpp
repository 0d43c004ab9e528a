#include "queue/merge.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "queue/rules.hpp"
#include "queue/task_json.hpp"

using namespace changeling;
using namespace changeling::queue;

namespace {

constexpr Duration minute = std::chrono::minutes(1);
const Timestamp noon = parse_timestamp("2026-11-20T12:00:00Z");

Task ready_task() {
  Task task;
  task.id = "bcdf2345";
  task.title = "Sweep";
  task.status = TaskStatus::Ready;
  task.created_at = task.updated_at = noon;
  task.created_by = task.updated_by = "Ada <ada@example.com>";
  return task;
}

Task written(Task task, Duration after_noon, const std::string& by) {
  task.updated_at = noon + after_noon;
  task.updated_by = by;
  return task;
}

Task claimed_by(const Task& task, const std::string& owner, std::int64_t first_token = 1) {
  ClaimTerms terms{owner, noon, 30 * minute, 3};
  terms.token_step = first_token;
  return std::get<Claimed>(decide_claim(task, {}, terms)).task;
}

std::string text(const Task& task) {
  return to_json(task).dump();
}

}  // namespace

TEST_CASE("a field that one side changed is that side's, whoever wrote later") {
  const Task base = ready_task();
  Task ours = written(base, minute, "Ada");
  ours.title = "Sweep the floor";
  Task published = written(base, 2 * minute, "Grace");
  published.priority = Priority::Urgent;
  const Task merged = merge_tasks(base, ours, published);
  CHECK(merged.title == "Sweep the floor");
  CHECK(merged.priority == Priority::Urgent);
  CHECK(merged.updated_by == "Grace");
}

TEST_CASE("a field that both changed is the later writer's") {
  const Task base = ready_task();
  Task ours = written(base, 3 * minute, "Ada");
  ours.title = "Sweep the floor";
  Task published = written(base, 2 * minute, "Grace");
  published.title = "Sweep the stairs";
  CHECK(merge_tasks(base, ours, published).title == "Sweep the floor");
  CHECK(merge_tasks(base, published, ours).title == "Sweep the floor");
}

TEST_CASE("writers of the same instant are told apart alike by every clone") {
  const Task base = ready_task();
  Task ours = written(base, minute, "Ada");
  ours.title = "Sweep the floor";
  Task published = written(base, minute, "Grace");
  published.title = "Sweep the stairs";
  CHECK(text(merge_tasks(base, ours, published)) == text(merge_tasks(base, published, ours)));
}

TEST_CASE("labels of both sides come together, and what one side took away is gone") {
  Task base = ready_task();
  base.labels = {"kept", "old"};
  Task ours = base;
  ours.labels = {"kept", "mine"};
  Task published = base;
  published.labels = {"kept", "old", "theirs"};
  CHECK(merge_tasks(base, ours, published).labels == std::vector<std::string>{"kept", "mine", "theirs"});
}

TEST_CASE("a published claim wins over one that is not published, whose token is worth nothing") {
  const Task base = ready_task();
  const Task ours = claimed_by(base, "offline", 1000);
  const Task published = claimed_by(base, "online");
  const Task merged = merge_tasks(base, ours, published);
  REQUIRE(merged.lease.has_value());
  CHECK(merged.lease->owner == "online");
  CHECK_NOTHROW(check_token(merged, published.lease->token));
  CHECK_THROWS(check_token(merged, ours.lease->token));
  CHECK(merged.last_token == ours.last_token);
}

TEST_CASE("a completion under a token that was taken over since does not count") {
  const Task base = claimed_by(ready_task(), "slow");
  const Task ours = completed(base, base.lease->token, {}, {}, noon);
  Task expired = base;
  expired.lease->expires_at = noon - minute;
  const Task published = claimed_by(expired, "next");
  const Task merged = merge_tasks(base, ours, published);
  CHECK(merged.status == TaskStatus::InFlight);
  CHECK(merged.lease->owner == "next");
}

TEST_CASE("done absorbs what others did to the task meanwhile") {
  const Task base = claimed_by(ready_task(), "worker");
  const Task ours = completed(base, base.lease->token, {}, {}, noon);
  Task published = blocked(base, "later");
  published = written(published, 5 * minute, "Grace");
  CHECK(merge_tasks(base, ours, published).status == TaskStatus::Done);
  CHECK(merge_tasks(base, published, ours).status == TaskStatus::Done);
}

TEST_CASE("attempts and artifacts of both sides are kept, by age") {
  const Task base = ready_task();
  Task ours = base;
  ours.attempts = {{"run1", "ada", "failed", "", noon + 2 * minute}};
  ours.artifacts = {{Artifact::Kind::File, "b", "", noon + 2 * minute}};
  Task published = base;
  published.attempts = {{"run2", "grace", "failed", "", noon + minute}};
  published.artifacts = {{Artifact::Kind::File, "a", "", noon + minute}};
  const Task merged = merge_tasks(base, ours, published);
  REQUIRE(merged.attempts.size() == 2);
  CHECK(merged.attempts.front().run == "run2");
  REQUIRE(merged.artifacts.size() == 2);
  CHECK(merged.artifacts.front().path == "a");
}

TEST_CASE("a task that both sides made is brought together without a common past") {
  Task ours = ready_task();
  ours.labels = {"mine"};
  Task published = written(ready_task(), minute, "Grace");
  published.labels = {"theirs"};
  published.title = "Sweep well";
  const Task merged = merge_tasks(std::nullopt, ours, published);
  CHECK(merged.title == "Sweep well");
  CHECK(merged.labels == std::vector<std::string>{"mine", "theirs"});
}

TEST_CASE("merging the result again changes nothing") {
  const Task base = ready_task();
  Task ours = claimed_by(written(base, minute, "Ada"), "offline", 500);
  ours.labels = {"mine"};
  Task published = written(base, 2 * minute, "Grace");
  published.title = "Sweep well";
  const Task merged = merge_tasks(base, ours, published);
  CHECK(text(merge_tasks(published, merged, published)) == text(merged));
  CHECK(text(merge_tasks(ours, merged, ours)) == text(merged));
  CHECK(text(merge_tasks(base, merged, published)) == text(merged));
}
