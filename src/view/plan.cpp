#include "view/plan.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const triggers::PlannedSum& sum) {
  return {{"runs", sum.runs},
          {"expected_duration_ms", sum.duration.count()},
          {"expected_cost_usd", sum.cost_usd},
          {"cost_known", sum.cost_known}};
}

Json to_json(const triggers::PlannedRuns& planned) {
  Json times = Json::array();
  for (const Timestamp time : planned.times) times.push_back(format_timestamp(time));
  const auto& expected = planned.expected;
  return {{"date", planned.date},
          {"repository", planned.repository},
          {"changeling", planned.changeling},
          {"timezone", planned.timezone},
          {"times", std::move(times)},
          {"expected_duration_ms", expected.duration ? Json(expected.duration->count()) : Json(nullptr)},
          {"expected_cost_usd", json_or_null(expected.cost_usd)},
          {"obstacle", planned.obstacle.empty() ? Json(nullptr) : Json(planned.obstacle)}};
}

}  // namespace changeling::view
