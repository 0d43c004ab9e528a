#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "../changeling/sample_values.hpp"
#include "cli/detach.hpp"
#include "cli/run_order.hpp"
#include "cli/work_order.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::cli;

TEST_CASE("nothing goes on in a copy of a process that has threads") {
  std::mutex held;
  held.lock();
  std::thread other([&] { const std::scoped_lock wait(held); });
  bool worked = false;
  CHECK_THROWS_AS(fork_into_background([&] { worked = true; }), Error);
  held.unlock();
  other.join();
  CHECK_FALSE(worked);
}

TEST_CASE("an order for a run comes back from JSON, with a value of every field") {
  RunOrder order;
  order.changeling = "sprite";
  order.trigger = "schedule";
  order.retry_of = "abcdefgh";
  order.run_id = "hgfedcba";
  order.scheduled_for = parse_timestamp("2026-11-20T12:00:00Z");
  order.overrides.origin = "command line";
  for (const FieldSpec& field : definition_fields())
    order.overrides.values[std::string(field.key)] = sample_value(field);
  const RunOrder read = run_order_from_json(Json::parse(to_json(order).dump()));
  CHECK(read.changeling == "sprite");
  CHECK(read.trigger == "schedule");
  CHECK(read.retry_of == "abcdefgh");
  CHECK(read.run_id == "hgfedcba");
  CHECK(read.scheduled_for == order.scheduled_for);
  CHECK(read.overrides.origin == "command line");
  CHECK((read.overrides.values == order.overrides.values));
  CHECK_THROWS_AS(run_order_from_json(Json{{"changeling", "sprite"}}), Error);
}

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
  CHECK(read.display == WorkOrder::Display::Lines);
  CHECK_THROWS_AS(work_order_from_json(Json::object()), Error);
}
