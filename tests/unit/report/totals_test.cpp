#include "report/totals.hpp"

#include <doctest/doctest.h>

using namespace changeling;
using namespace changeling::report;
using store::Outcome;
using store::RunSum;

namespace {

RunSum sum(const std::string& name, const std::string& day, std::optional<Outcome> outcome, std::int64_t runs,
           double cost, std::int64_t untold = 0) {
  RunSum one;
  one.changeling = name;
  one.day = day;
  one.outcome = outcome;
  one.runs = runs;
  one.cost_usd = cost;
  one.untold = untold;
  one.duration = std::chrono::minutes(runs);
  return one;
}

}  // namespace

TEST_CASE("sums are added up by changeling and by day, and a day without runs is there") {
  const AllTotals all = add_up(
      {sum("a", "2026-11-20", Outcome::OpenedPr, 2, 1.5), sum("a", "2026-11-20", Outcome::Failed, 1, 0.5),
       sum("b", "2026-11-20", Outcome::NoChanges, 1, 4), sum("a", "2026-11-22", std::nullopt, 1, 0, 1)},
      {"2026-11-20", "2026-11-21", "2026-11-22"});
  CHECK(all.totals.runs == 5);
  CHECK(all.totals.running == 1);
  CHECK(all.totals.untold == 1);
  CHECK(all.totals.cost_usd == doctest::Approx(6));
  CHECK(all.totals.duration == std::chrono::minutes(5));
  CHECK(all.totals.outcomes == std::map<Outcome, std::int64_t>{
                                   {Outcome::OpenedPr, 2}, {Outcome::NoChanges, 1}, {Outcome::Failed, 1}});
  REQUIRE(all.changelings.size() == 2);
  CHECK(all.changelings[0].name == "b");
  CHECK(all.changelings[1].dearest_day_usd == doctest::Approx(2));
  CHECK(all.changelings[1].usd_by_day == std::map<std::string, double>{{"2026-11-20", 2}, {"2026-11-22", 0}});
  REQUIRE(all.days.size() == 3);
  CHECK(all.days[1].totals.runs == 0);
  CHECK(all.days[0].totals.cost_usd == doctest::Approx(6));
}

TEST_CASE("without runs there are the days alone") {
  const AllTotals all = add_up({}, {"2026-11-20"});
  CHECK(all.totals.runs == 0);
  CHECK(all.changelings.empty());
  CHECK(all.days.size() == 1);
}
