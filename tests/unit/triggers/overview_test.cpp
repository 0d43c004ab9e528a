#include "triggers/overview.hpp"

#include <doctest/doctest.h>

#include "scheduled_place.hpp"
#include "store/records.hpp"

using namespace changeling;
using namespace changeling::triggers;
using testing::at;

namespace {

void write_run(testing::ScheduledPlace& place, const char* id, const char* started) {
  store::RunRecord run;
  run.id = id;
  run.changeling = "nightly";
  run.trigger = "manual";
  run.started_at = at(started);
  place.project.store().update({"run", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    store::write_run(change, run);
  });
}

}  // namespace

TEST_CASE("an overview has all changelings by name, with and without a schedule") {
  testing::ScheduledPlace place(std::string(testing::nightly_definition) +
                                "[changelings.manual]\nrun = \"true\"\n");
  const Overviews all = load_overviews(place.project);
  REQUIRE(all.changelings.size() == 2);
  CHECK(all.changelings[0].definition.name == "manual");
  CHECK(all.changelings[1].definition.name == "nightly");
  CHECK(all.changelings[1].source == "file");
  REQUIRE(all.judged.size() == 1);
  CHECK(all.judged[0].definition.name == "nightly");
  CHECK(all.problem.empty());
}

TEST_CASE("an overview says what is trusted, and when its schedule can start it") {
  testing::ScheduledPlace place;
  CHECK_FALSE(load_overviews(place.project).changelings.at(0).trusted);
  CHECK_FALSE(load_overviews(place.project).changelings.at(0).next_run.has_value());
  project::approve(place.project, project::approval_subjects(place.project).at(0));
  const Overviews all = load_overviews(place.project);
  CHECK(all.changelings.at(0).trusted);
  CHECK(all.changelings.at(0).next_run > place.project.clock().now());
  CHECK(all.changelings.at(0).held_back.empty());
}

TEST_CASE("an overview says what holds a schedule back") {
  testing::ScheduledPlace place;
  place.approve("nightly", "2026-11-18T15:00:00Z");
  place.halt();
  const Overviews all = load_overviews(place.project);
  CHECK(all.changelings.at(0).held_back.find("switched off") != std::string::npos);
  CHECK_FALSE(all.changelings.at(0).next_run.has_value());
}

TEST_CASE("an overview has the newest run of each changeling") {
  testing::ScheduledPlace place;
  CHECK_FALSE(load_overviews(place.project).changelings.at(0).last_run.has_value());
  write_run(place, "older2", "2026-11-19T03:00:00Z");
  write_run(place, "newer2", "2026-11-20T03:00:00Z");
  const auto run = load_overviews(place.project).changelings.at(0).last_run;
  REQUIRE(run.has_value());
  CHECK(run->id == "newer2");
}

TEST_CASE("a mistake in the file of the work tree is said, and nothing of that file is shown") {
  testing::ScheduledPlace place;
  place.write_definitions("[changelings.nightly\n");
  const Overviews all = load_overviews(place.project);
  CHECK(all.changelings.empty());
  CHECK(place.was_told(".changelings.toml"));
  CHECK(place.project.damage().noted().size() == 1);
}

TEST_CASE("a mistake in the file of the base branch keeps every schedule from starting, and is named") {
  testing::ScheduledPlace place("[changelings.nightly\n");
  place.write_definitions(testing::nightly_definition);
  const Overviews all = load_overviews(place.project);
  CHECK_FALSE(all.problem.empty());
  CHECK(all.judged.empty());
  REQUIRE(all.changelings.size() == 1);
  CHECK(all.changelings[0].held_back == all.problem);
}

TEST_CASE("a changeling of an unknown template is noted, and the others are shown") {
  testing::ScheduledPlace place(std::string(testing::nightly_definition) +
                                "[changelings.broken]\ntemplate = \"nobody-knows\"\n");
  const Overviews all = load_overviews(place.project);
  REQUIRE(all.changelings.size() == 1);
  CHECK(all.changelings[0].definition.name == "nightly");
  CHECK(place.was_told("nobody-knows"));
}

TEST_CASE("definitions are shown before there is a state") {
  testing::OpenProject place;
  place.write_definitions(testing::nightly_definition);
  const Overviews all = load_overviews(place.project);
  REQUIRE(all.changelings.size() == 1);
  CHECK_FALSE(all.changelings[0].trusted);
  CHECK(all.judged.empty());
}
