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

Json to_json(const std::vector<triggers::PlannedRuns>& planned, Timestamp from, Timestamp until) {
  Json entries = Json::array();
  std::vector<std::pair<std::string, triggers::PlannedSum>> days;
  triggers::PlannedSum total;
  for (const triggers::PlannedRuns& runs : planned) {
    entries.push_back(to_json(runs));
    if (days.empty() || days.back().first != runs.date) days.emplace_back(runs.date, triggers::PlannedSum{});
    days.back().second.add(runs);
    total.add(runs);
  }
  Json sums = Json::array();
  for (const auto& [date, sum] : days) {
    sums.push_back(to_json(sum));
    sums.back()["date"] = date;
  }
  return {{"from", format_timestamp(from)},
          {"until", format_timestamp(until)},
          {"plan", std::move(entries)},
          {"days", std::move(sums)},
          {"total", to_json(total)}};
}

}  // namespace changeling::view
