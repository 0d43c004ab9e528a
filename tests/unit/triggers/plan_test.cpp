#include "triggers/plan.hpp"

#include <doctest/doctest.h>

#include "schedule/local_time.hpp"
#include "scheduled_place.hpp"
#include "store/records.hpp"

using namespace changeling;
using namespace changeling::triggers;
using testing::at;

namespace {

constexpr const char* daily_definition = "[changelings.daily]\nrun = \"true\"\nschedule = \"0 12 * * *\"\n";

struct Place : testing::ScheduledPlace {
  using ScheduledPlace::ScheduledPlace;
  std::vector<PlannedRuns> plan() {
    return plan_repository(project, at("2026-11-20T12:30:00Z"), at("2026-11-22T12:30:00Z"));
  }
  void finished(const char* id, const char* started, Duration duration, std::optional<double> cost) {
    store::RunRecord run;
    run.id = id;
    run.changeling = "daily";
    run.trigger = "manual";
    run.status = store::RunStatus::Finished;
    run.outcome = store::Outcome::NoChanges;
    run.started_at = at(started);
    run.ended_at = run.started_at + duration;
    run.duration = duration;
    run.cost_usd = cost;
    project.store().update({"run", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
      store::write_run(change, run);
    });
  }
};

PlannedRuns planned(std::size_t count, std::optional<Duration> duration, std::optional<double> cost) {
  PlannedRuns runs;
  runs.times.resize(count);
  runs.expected = {duration, cost};
  return runs;
}

}  // namespace

TEST_CASE("a sum of planned runs counts each of them") {
  PlannedSum sum;
  sum.add(planned(2, std::chrono::minutes(3), 0.5));
  sum.add(planned(1, std::chrono::minutes(1), 2));
  CHECK(sum.runs == 3);
  CHECK(sum.duration == std::chrono::minutes(7));
  CHECK(sum.cost_usd == 3.0);
  CHECK(sum.cost_known);
}

TEST_CASE("a sum tells that a cost is not known, and keeps the others") {
  PlannedSum sum;
  sum.add(planned(1, std::nullopt, std::nullopt));
  sum.add(planned(1, std::chrono::minutes(1), 2));
  CHECK(sum.runs == 2);
  CHECK(sum.duration == std::chrono::minutes(1));
  CHECK(sum.cost_usd == 2.0);
  CHECK_FALSE(sum.cost_known);
}

TEST_CASE("what something is in the way of costs nothing") {
  PlannedSum sum;
  PlannedRuns held = planned(3, std::chrono::minutes(1), std::nullopt);
  held.obstacle = "not trusted";
  sum.add(held);
  CHECK(sum.runs == 0);
  CHECK(sum.cost_known);
}

TEST_CASE("a repository without a state plans nothing") {
  testing::OpenProject place;
  CHECK(plan_repository(place.project, at("2026-11-20T12:00:00Z"), at("2026-11-22T12:00:00Z")).empty());
}

TEST_CASE("a plan has the times of each day in the period, by day") {
  Place place(daily_definition);
  place.approve("daily", "2026-11-20T12:10:00Z");
  const auto all = place.plan();
  REQUIRE(all.size() == 2);
  CHECK(all[0].date == schedule::local_date(at("2026-11-21T12:00:00Z"), "local"));
  CHECK(all[0].times == std::vector{at("2026-11-21T12:00:00Z")});
  CHECK(all[0].changeling == "daily");
  CHECK(all[0].timezone == "UTC");
  CHECK(all[0].repository == (place.place.path() / ".git").string());
  CHECK(all[0].repository_name == "repository");
  CHECK(all[0].obstacle.empty());
  CHECK_FALSE(all[0].expected.duration.has_value());
  CHECK(all[1].date == schedule::local_date(at("2026-11-22T12:00:00Z"), "local"));
  CHECK(all[1].times == std::vector{at("2026-11-22T12:00:00Z")});
}

TEST_CASE("several times of a day are one line of the plan, and changelings follow by time") {
  Place place(std::string(daily_definition) +
              "[changelings.often]\nrun = \"true\"\nschedule = \"0,30 11 * * *\"\n");
  const auto all = place.plan();
  REQUIRE(all.size() == 4);
  CHECK(all[0].changeling == "often");
  CHECK(all[0].times == std::vector{at("2026-11-21T11:00:00Z"), at("2026-11-21T11:30:00Z")});
  CHECK(all[1].changeling == "daily");
  CHECK(all[2].changeling == "often");
  CHECK(all[3].changeling == "daily");
}

TEST_CASE("a plan shows what is not trusted or halted with what is in its way") {
  Place place(daily_definition);
  REQUIRE(place.plan().size() == 2);
  CHECK(place.plan()[0].obstacle == "not trusted on this machine: git changeling trust daily");
  place.approve("daily", "2026-11-20T12:10:00Z");
  place.halt();
  CHECK(place.plan()[0].obstacle.find("switched off") != std::string::npos);
}

TEST_CASE("what is switched off is in no plan") {
  Place place(std::string(daily_definition) + "enabled = false\n");
  CHECK(place.plan().empty());
}

TEST_CASE("a plan expects of a run what those before took") {
  Place place(daily_definition);
  place.approve("daily", "2026-11-20T12:10:00Z");
  place.finished("abc234", "2026-11-20T08:00:00Z", std::chrono::minutes(2), 0.5);
  const auto all = place.plan();
  REQUIRE(all.size() == 2);
  CHECK(all[0].expected.duration == std::chrono::minutes(2));
  CHECK(all[0].expected.cost_usd == 0.5);
}
