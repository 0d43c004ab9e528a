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

TEST_CASE("a plan has each day with its sum, and the sum of all") {
  triggers::PlannedRuns later = planned_runs();
  later.date = "2026-11-21";
  later.times = {testing::morning + std::chrono::days(1), testing::morning + std::chrono::days(1)};
  const Timestamp until = testing::morning + std::chrono::days(2);
  const Json json = view::to_json({planned_runs(), planned_runs(), later}, testing::morning, until);
  CHECK(testing::keys_of(json) == "days from plan total until");
  CHECK(json.at("from") == testing::morning_text);
  CHECK(json.at("plan").size() == 3);
  REQUIRE(json.at("days").size() == 2);
  CHECK(json.at("days").at(0).at("date") == "2026-11-20");
  CHECK(json.at("days").at(0).at("runs") == 2);
  CHECK(json.at("days").at(1).at("runs") == 2);
  CHECK(json.at("total").at("runs") == 4);
}
