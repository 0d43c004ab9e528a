#include "view/plan.hpp"

#include <doctest/doctest.h>

#include "keys.hpp"

using namespace changeling;

namespace {

triggers::PlannedRuns planned_runs() {
  triggers::PlannedRuns planned;
  planned.repository = "/repository/.git";
  planned.repository_name = "repository";
  planned.changeling = "sprite";
  planned.timezone = "UTC";
  planned.date = "2026-11-20";
  planned.times = {testing::morning};
  return planned;
}

}  // namespace

TEST_CASE("the runs of a day have their times, and null for what nobody can expect yet") {
  CHECK(view::to_json(planned_runs()) == Json{{"date", "2026-11-20"},
                                              {"repository", "/repository/.git"},
                                              {"changeling", "sprite"},
                                              {"timezone", "UTC"},
                                              {"times", {testing::morning_text}},
                                              {"expected_duration_ms", nullptr},
                                              {"expected_cost_usd", nullptr},
                                              {"obstacle", nullptr}});
}

TEST_CASE("the runs of a day say what each takes and what is in their way") {
  triggers::PlannedRuns planned = planned_runs();
  planned.expected = {std::chrono::minutes(2), 0.5};
  planned.obstacle = "it is not trusted";
  const Json json = view::to_json(planned);
  CHECK(json.at("expected_duration_ms") == 120000);
  CHECK(json.at("expected_cost_usd") == 0.5);
  CHECK(json.at("obstacle") == "it is not trusted");
}

TEST_CASE("a sum of planned runs says whether their cost is known") {
  triggers::PlannedSum sum;
  sum.runs = 3;
  sum.duration = std::chrono::seconds(6);
  sum.cost_usd = 1.5;
  sum.cost_known = false;
  CHECK(view::to_json(sum) ==
        Json{{"runs", 3}, {"expected_duration_ms", 6000}, {"expected_cost_usd", 1.5}, {"cost_known", false}});
}
