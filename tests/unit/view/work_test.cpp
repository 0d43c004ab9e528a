#include "view/work.hpp"

#include <doctest/doctest.h>

#include "../open_project.hpp"
#include "keys.hpp"

using namespace changeling;
using testing::keys_of;

TEST_CASE("work answers with its runs as runs are shown, its tasks, and why it ended") {
  testing::OpenProject place;
  work::WorkOutcome outcome;
  outcome.runs.emplace_back();
  outcome.runs.back().id = "abc234";
  outcome.runs.back().status = store::RunStatus::Finished;
  outcome.tasks.push_back({"task2345", "Mend the roof", "abc234", "opened-pr", true, "review", ""});
  outcome.end = work::WorkerEnd::EnoughTasks;
  const Json json = view::to_json(place.project, outcome);
  CHECK(keys_of(json) == "end runs tasks");
  CHECK(json.at("end") == "enough");
  REQUIRE(json.at("runs").size() == 1);
  CHECK(json.at("runs").at(0).at("id") == "abc234");
  CHECK(json.at("runs").at(0).contains("presumed_dead"));
  CHECK(json.at("tasks") == Json::array({{{"task", "task2345"},
                                          {"title", "Mend the roof"},
                                          {"run", "abc234"},
                                          {"outcome", "opened-pr"},
                                          {"success", true},
                                          {"status", "review"},
                                          {"error", ""}}}));
}

TEST_CASE("work that found nothing has empty lists") {
  testing::OpenProject place;
  const Json json = view::to_json(place.project, work::WorkOutcome{});
  CHECK(json == Json{{"runs", Json::array()}, {"tasks", Json::array()}, {"end", "nothing-ready"}});
}
