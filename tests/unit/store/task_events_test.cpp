#include "store/task_events.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "events/event_types.hpp"
#include "queue/rules.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::store;

namespace {

std::vector<std::pair<std::string, Json>> events_of(const queue::Task* before, const queue::Task* after) {
  std::vector<std::pair<std::string, Json>> all;
  each_task_event(before, after,
                  [&](std::string_view type, const Json& fields) { all.emplace_back(type, fields); });
  return all;
}

std::vector<std::string> types(const queue::Task* before, const queue::Task* after) {
  std::vector<std::string> names;
  for (const auto& [type, fields] : events_of(before, after)) names.push_back(type);
  return names;
}

queue::Task ready_task() {
  queue::Task task;
  task.id = "abcde234";
  task.title = "A task";
  task.status = queue::TaskStatus::Ready;
  return task;
}

queue::Task claimed_task() {
  queue::Task task = ready_task();
  task.status = queue::TaskStatus::InFlight;
  task.lease = queue::Lease{"worker", 1, parse_timestamp("2026-11-20T12:00:00Z")};
  task.last_token = 1;
  return task;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("each change of a task has its events") {
  const queue::Task ready = ready_task();
  const queue::Task claimed = claimed_task();
  CHECK(types(nullptr, &ready) == Names{"work:added"});
  CHECK(types(&ready, nullptr) == Names{"work:removed"});
  CHECK(types(&ready, &claimed) == Names{"work:assigned", "work:status_changed"});
  queue::Task done = ready;
  done.status = queue::TaskStatus::Done;
  CHECK(types(&claimed, &done) == Names{"work:status_changed", "work:completed"});
  const queue::Task dropped = queue::dropped(claimed, {claimed.lease->owner, std::nullopt}, {});
  CHECK(types(&claimed, &dropped) == Names{"work:status_changed"});
  CHECK(types(&ready, &done) == Names{"work:status_changed"});
  queue::Task renamed = ready;
  renamed.title = "Another";
  CHECK(types(&ready, &renamed) == Names{"work:updated"});
  CHECK(types(&ready, &ready).empty());
}

TEST_CASE("a renewed lease is no event, one taken over is") {
  const queue::Task claimed = claimed_task();
  queue::Task renewed = claimed;
  renewed.lease->expires_at += std::chrono::minutes(5);
  renewed.updated_at += std::chrono::minutes(5);
  CHECK(types(&claimed, &renewed).empty());
  queue::Task taken = claimed;
  taken.lease = queue::Lease{"other", 2, renewed.lease->expires_at};
  const auto all = events_of(&claimed, &taken);
  REQUIRE(all.size() == 1);
  CHECK(all[0].first == "work:assigned");
  CHECK(all[0].second["owner"] == "other");
  CHECK(all[0].second["token"] == 2);
}

TEST_CASE("every event that is made is in the list of types") {
  Names known;
  for (const changeling::events::EventType& type : changeling::events::event_types())
    known.emplace_back(type.name);
  CHECK(std::is_sorted(known.begin(), known.end()));
  const queue::Task claimed = claimed_task();
  queue::Task done = claimed;
  done.status = queue::TaskStatus::Review;
  for (const auto& type : types(&claimed, &done)) CHECK(std::binary_search(known.begin(), known.end(), type));
}
