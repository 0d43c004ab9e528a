#include "run/run_order.hpp"

#include <doctest/doctest.h>

#include "../changeling/sample_values.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

using namespace changeling;

TEST_CASE("an order for a run comes back from JSON, with a value of every field") {
  run::RunOrder order;
  order.changeling = "sprite";
  order.trigger = "schedule";
  order.retry_of = "abcdefgh";
  order.run_id = "hgfedcba";
  order.scheduled_for = parse_timestamp("2026-11-20T12:00:00Z");
  order.marks = {{"Session", "phone-1"}};
  order.overrides.origin = "command line";
  for (const FieldSpec& field : definition_fields())
    order.overrides.values[std::string(field.key)] = sample_value(field);
  const run::RunOrder read = run::run_order_from_json(Json::parse(to_json(order).dump()));
  CHECK(read.changeling == "sprite");
  CHECK(read.trigger == "schedule");
  CHECK(read.retry_of == "abcdefgh");
  CHECK(read.run_id == "hgfedcba");
  CHECK(read.scheduled_for == order.scheduled_for);
  CHECK(read.marks == order.marks);
  CHECK(read.overrides.origin == "command line");
  CHECK((read.overrides.values == order.overrides.values));
  CHECK_THROWS_AS(run::run_order_from_json(Json{{"changeling", "sprite"}}), Error);
}
