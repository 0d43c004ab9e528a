#include "work/work_order.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::work;

TEST_CASE("an order for work comes back from JSON") {
  WorkOrder order;
  order.role = "reviewer";
  order.labels = {"bug"};
  order.source = "github";
  order.worker = "w";
  order.lease = "5m";
  order.most_tasks = 3;
  order.when_idle = work::WorkerOptions::WhenIdle::End;
  order.poll = std::chrono::seconds(7);
  order.except = {"abc"};
  const WorkOrder read = work_order_from_json(to_json(order));
  CHECK(to_json(read) == to_json(order));
  CHECK_THROWS_AS(work_order_from_json(Json::object()), Error);
}

TEST_CASE("what worker processes tell is put together") {
  WorkOutcome one;
  one.tasks = {{"abcd2345", "Fix it", "run12", "merged", true, "done", ""}};
  one.end = WorkerEnd::EnoughTasks;
  WorkOutcome two;
  two.tasks = {{"efgh2345", "Mend it", "", "failed", false, "", "no agent"}};
  WorkOutcome all;
  add_told(all, told(one));
  CHECK(all.all_succeeded);
  CHECK(all.end == WorkerEnd::EnoughTasks);
  add_told(all, told(two));
  CHECK_FALSE(all.all_succeeded);
  CHECK(all.end == WorkerEnd::NothingReady);
  REQUIRE(all.tasks.size() == 2);
  CHECK(to_json(all.tasks[0]) == to_json(one.tasks[0]));
  CHECK(to_json(all.tasks[1]) == to_json(two.tasks[0]));
  CHECK_THROWS_AS(add_told(all, Json::object()), Error);
}
