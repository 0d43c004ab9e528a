#include "view/status.hpp"

#include <doctest/doctest.h>

#include "../open_project.hpp"
#include "keys.hpp"
#include "work/recovery.hpp"

using namespace changeling;
using testing::keys_of;

namespace {

struct Place : testing::OpenProject {
  Place() { project.store().initialize(); }
  Json shown(const view::Status& status) { return view::to_json(project, status); }
};

triggers::DueChangeling judged(const std::string& name, triggers::Decision::Verdict verdict) {
  triggers::DueChangeling due;
  due.definition.name = name;
  due.decision.verdict = verdict;
  due.decision.scheduled_for = testing::morning;
  due.decision.reason = "a cap is reached";
  return due;
}

}  // namespace

TEST_CASE("the status of a quiet repository has every key, empty") {
  Place place;
  const Json json = place.shown(view::read_status(place.project, work::current_sessions(place.project)));
  CHECK(keys_of(json) ==
        "agents cap_reached changelings damaged deployments halt held_back last_tick missing_logins "
        "notification_problems "
        "outbox queue running sessions spent_usd timer_problem worktrees");
  for (const char* list :
       {"running", "changelings", "agents", "deployments", "outbox", "sessions", "damaged", "held_back"}) {
    INFO(list);
    CHECK(json.at(list) == Json::array());
  }
  for (const char* key : {"halt", "last_tick", "timer_problem"}) CHECK(json.at(key) == nullptr);
  CHECK(json.at("spent_usd") == Json{{"today", 0.0}, {"month", 0.0}});
  CHECK(json.at("worktrees") == Json{{"count", 0}, {"bytes", 0}});
}

TEST_CASE("the queue of a status counts every status of tasks, also those without any") {
  Place place;
  queue::Task task;
  task.title = "Mend the roof";
  task.status = queue::TaskStatus::Ready;
  place.project.tasks().add({task});
  const Json queue =
      place.shown(view::read_status(place.project, work::current_sessions(place.project))).at("queue");
  CHECK(queue == Json{{"inbox", 0},
                      {"planning", 0},
                      {"ready", 1},
                      {"in_flight", 0},
                      {"review", 0},
                      {"done", 0},
                      {"blocked", 0}});
}

TEST_CASE("a run that goes on shows what it is doing, as far as anybody tells") {
  Place place;
  view::Status status;
  status.running.emplace_back();
  status.running.back().record.id = "abc234";
  status.running.emplace_back();
  run::LiveProgress live;
  live.step = "launch";
  live.progress.activity = "reads";
  live.progress.turns = 4;
  live.progress.cost_usd = 0.25;
  status.running.back().live = live;
  const Json running = place.shown(status).at("running");
  CHECK(running.at(0).at("id") == "abc234");
  CHECK_FALSE(running.at(0).contains("step"));
  CHECK(running.at(1).at("step") == "launch");
  CHECK(running.at(1).at("activity") == "reads");
  CHECK(running.at(1).at("turns") == 4);
  CHECK(running.at(1).at("cost_usd") == 0.25);
}

TEST_CASE("only what a time has come for and something keeps is held back in a status") {
  Place place;
  view::Status status;
  status.overviews.judged = {judged("kept", triggers::Decision::Verdict::HeldBack),
                             judged("due", triggers::Decision::Verdict::Due),
                             judged("later", triggers::Decision::Verdict::Waiting)};
  CHECK(place.shown(status).at("held_back") == Json::array({{{"changeling", "kept"},
                                                             {"scheduled_for", testing::morning_text},
                                                             {"reason", "a cap is reached"}}}));
}

TEST_CASE("a status shows agents of mngr, deployments, what waits to be sent, workers, and a halt") {
  Place place;
  view::Status status;
  status.agents.agents = {{"sprite-1", "RUNNING", "sprite", "abc234"}};
  status.deployments.emplace_back();
  status.outbox.emplace_back();
  status.outbox.back().proposal.run = "abc234";
  status.sessions.emplace_back();
  status.sessions.back().worker = "ada";
  status.halt = project::Halt{"off", "on"};
  const Json json = place.shown(status);
  CHECK(json.at("agents") ==
        Json::array(
            {{{"name", "sprite-1"}, {"state", "RUNNING"}, {"changeling", "sprite"}, {"run", "abc234"}}}));
  CHECK(json.at("deployments").at(0).at("definition") == "current");
  CHECK(json.at("deployments").at(0).at("app_state") == nullptr);
  CHECK(json.at("outbox").at(0).at("run") == "abc234");
  CHECK(json.at("sessions").at(0).at("worker") == "ada");
  CHECK(json.at("halt").at("undo") == "on");
}

TEST_CASE("a status tells when schedules were last looked at, and what is wrong with the timer") {
  Place place;
  view::Status status;
  status.last_tick = testing::morning;
  status.timer_problem = "no timer starts anything";
  status.spent = {1.5, 20};
  const Json json = place.shown(status);
  CHECK(json.at("last_tick") == testing::morning_text);
  CHECK(json.at("timer_problem") == "no timer starts anything");
  CHECK(json.at("spent_usd") == Json{{"today", 1.5}, {"month", 20.0}});
}

TEST_CASE("a damaged task is named in the status, and everything else is shown") {
  Place place;
  place.project.store().update({"break", "test", {}}, [](const store::Snapshot&, store::Change& change) {
    change.write("items/ab/cd/abcd2345.json", "{");
  });
  const Json json = place.shown(view::read_status(place.project, work::current_sessions(place.project)));
  REQUIRE(json.at("damaged").size() == 1);
  CHECK(json.at("damaged").at(0).at("path") == "items/ab/cd/abcd2345.json");
  CHECK(json.at("queue").at("ready") == 0);
}

TEST_CASE("a repository without a state has a status, too") {
  testing::OpenProject place;
  const Json json =
      view::to_json(place.project, view::read_status(place.project, work::current_sessions(place.project)));
  CHECK(json.at("queue").at("inbox") == 0);
  CHECK(json.at("changelings") == Json::array());
}
