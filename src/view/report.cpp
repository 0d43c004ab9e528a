#include "view/report.hpp"

#include "support/json.hpp"
#include "view/damage.hpp"
#include "view/needs.hpp"
#include "view/run.hpp"

namespace changeling::view {
namespace {

using view::to_json;

Json to_json(const report::Totals& totals) {
  Json outcomes = Json::object();
  for (const auto& [outcome, runs] : totals.outcomes) outcomes[std::string(to_string(outcome))] = runs;
  return {{"runs", totals.runs},
          {"running", totals.running},
          {"untold", totals.untold},
          {"cost_usd", totals.cost_usd},
          {"duration_ms", totals.duration.count()},
          {"outcomes", std::move(outcomes)}};
}

Json to_json(const report::ChangelingTotals& one) {
  Json json = to_json(one.totals);
  json["name"] = one.name;
  json["dearest_day_usd"] = one.dearest_day_usd;
  json["daily_cap_usd"] = json_or_null(one.daily_cap_usd);
  json["days"] = Json::array();
  for (const auto& [date, usd] : one.usd_by_day) json["days"].push_back({{"date", date}, {"cost_usd", usd}});
  return json;
}

Json to_json(const report::DayTotals& day) {
  Json json = to_json(day.totals);
  json["date"] = day.date;
  return json;
}

template <typename Items>
Json list_of(const Items& items) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(to_json(item));
  return list;
}

Json runs_of(project::Project& project, const std::vector<store::RunRecord>& runs) {
  Json list = Json::array();
  for (const store::RunRecord& run : runs) list.push_back(view::to_json(project, run));
  return list;
}

}  // namespace

Json to_json(project::Project& project, const report::Report& report) {
  return {{"repository", report.repository},
          {"since", format_timestamp(report.order.since)},
          {"until", format_timestamp(report.order.until)},
          {"total", to_json(report.totals.totals)},
          {"changelings", list_of(report.totals.changelings)},
          {"days", list_of(report.totals.days)},
          {"results", runs_of(project, report.results)},
          {"failures", runs_of(project, report.failures)},
          {"waiting", list_of(report.waiting)},
          {"caps_usd",
           {{"day", json_or_null(report.caps.repository_day)},
            {"month", json_or_null(report.caps.repository_month)}}},
          {"damaged", to_json(project.damage())}};
}

}  // namespace changeling::view
