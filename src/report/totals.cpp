#include "report/totals.hpp"

#include <algorithm>

namespace changeling::report {

void Totals::add(const store::RunSum& sum) {
  runs += sum.runs;
  untold += sum.untold;
  cost_usd += sum.cost_usd;
  duration += sum.duration;
  if (sum.outcome) {
    outcomes[*sum.outcome] += sum.runs;
  } else {
    running += sum.runs;
  }
}

AllTotals add_up(const std::vector<store::RunSum>& sums, const std::vector<std::string>& days) {
  AllTotals all;
  std::map<std::string, Totals> by_day;
  std::map<std::string, ChangelingTotals> by_name;
  for (const std::string& day : days) by_day[day];
  for (const store::RunSum& sum : sums) {
    all.totals.add(sum);
    by_day[sum.day].add(sum);
    ChangelingTotals& changeling = by_name[sum.changeling];
    changeling.name = sum.changeling;
    changeling.totals.add(sum);
    double& cost = changeling.usd_by_day[sum.day];
    cost += sum.cost_usd;
    changeling.dearest_day_usd = std::max(changeling.dearest_day_usd, cost);
  }
  for (const auto& [date, totals] : by_day) all.days.push_back({date, totals});
  for (const auto& [name, totals] : by_name) all.changelings.push_back(totals);
  std::stable_sort(all.changelings.begin(), all.changelings.end(),
                   [](const ChangelingTotals& one, const ChangelingTotals& two) {
                     return one.totals.cost_usd > two.totals.cost_usd;
                   });
  return all;
}

}  // namespace changeling::report
