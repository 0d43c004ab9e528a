#include "project/local_runs.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../open_project.hpp"
#include "project/run_lookup.hpp"
#include "store/records.hpp"
#include "support/files.hpp"

using namespace changeling;

namespace {

const Timestamp start = parse_timestamp("2026-11-20T03:00:00Z");

struct Place : testing::OpenProject {
  Place() { project.store().initialize(); }
  FileLock lead(const std::string& run_id) {
    const auto lock = project.places().run(run_id).lock();
    std::filesystem::create_directories(lock.parent_path());
    auto held = FileLock::try_acquire(lock);
    REQUIRE(held.has_value());
    return std::move(*held);
  }
  bool is_lost(const store::RunRecord& run, Timestamp now) {
    return project::is_lost(project.places(), run, now);
  }
  void write(const store::RunRecord& run) {
    project.store().update({"run", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
      store::write_run(change, run);
    });
  }
};

store::RunRecord running(const std::string& id = "abc234") {
  store::RunRecord run;
  run.id = id;
  run.changeling = "sprite";
  run.started_at = start;
  run.expires_at = start + std::chrono::hours(2);
  return run;
}

}  // namespace

TEST_CASE("a run is alive exactly while its leader holds the lock") {
  Place place;
  CHECK_FALSE(project::is_alive(place.project.places(), "abc234"));
  {
    const FileLock held = place.lead("abc234");
    CHECK(project::is_alive(place.project.places(), "abc234"));
    CHECK_FALSE(project::is_alive(place.project.places(), "def567"));
  }
  CHECK_FALSE(project::is_alive(place.project.places(), "abc234"));
}

TEST_CASE("a run whose time is not over is not lost") {
  Place place;
  CHECK_FALSE(place.is_lost(running(), start + std::chrono::hours(1)));
}

TEST_CASE("a run whose time was over long ago is lost, unless it is led here or has ended") {
  Place place;
  const Timestamp later = start + std::chrono::hours(24 * 30);
  CHECK(place.is_lost(running(), later));
  store::RunRecord finished = running();
  finished.status = store::RunStatus::Finished;
  CHECK_FALSE(place.is_lost(finished, later));
  const FileLock held = place.lead("abc234");
  CHECK_FALSE(place.is_lost(running(), later));
}

TEST_CASE("a run is found by its id, by its beginning, and by its changeling") {
  Place place;
  store::RunRecord newer = running("xyz789");
  newer.started_at += std::chrono::hours(1);
  place.write(running("abc234"));
  place.write(newer);
  CHECK(project::find_run(place.project, "abc234").id == "abc234");
  CHECK(project::find_run(place.project, "abc").id == "abc234");
  CHECK(project::find_run(place.project, "sprite").id == "xyz789");
  CHECK_THROWS_AS(project::find_run(place.project, "nothing"), Error);
}

TEST_CASE("a report is where the run left it, or nowhere") {
  Place place;
  CHECK_FALSE(project::report_of(place.project, running()).has_value());
  const auto folder = place.project.places().run("abc234").artifacts();
  std::filesystem::create_directories(folder);
  CHECK_FALSE(project::report_of(place.project, running()).has_value());
  std::ofstream(folder / "report.md") << "All is well.\n";
  CHECK(project::report_of(place.project, running()) == "All is well.\n");
}
