#include "run/led_runs.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"
#include "run/live_run.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::run::LedRuns;
using changeling::run::LiveRun;
using changeling::testing::RunFixture;
using changeling::testing::running_record;

namespace {

namespace fs = std::filesystem;
using Ids = std::vector<std::string>;

struct LedFixture : RunFixture {
  Ids led() const { return LedRuns(open->places).ids(); }
  fs::path note(const std::string& id) const { return open->places.local_folder() / "led-runs" / id; }
  static void age(const fs::path& file, std::chrono::hours by) {
    fs::last_write_time(file, fs::last_write_time(file) - by);
  }
};

}  // namespace

TEST_CASE_FIXTURE(LedFixture, "a run is led from its beginning to its end") {
  CHECK(led().empty());
  {
    LiveRun live = std::get<LiveRun>(LiveRun::begin(services(), {}, running_record("run-one"), {}));
    CHECK(led() == Ids{"run-one"});
    live.record().outcome = store::Outcome::NoChanges;
    live.finish(services());
  }
  CHECK(led().empty());
  CHECK_FALSE(fs::exists(note("run-one")));
  CHECK(fs::exists(open->places.run("run-one").folder));
}

TEST_CASE_FIXTURE(LedFixture, "a run that does not begin is not led") {
  const LiveRun live = std::get<LiveRun>(LiveRun::begin(services(), {}, running_record("run-one"), {}));
  const auto second = LiveRun::begin(services(), {}, running_record("run-two"), {});
  CHECK(std::holds_alternative<run::Skipped>(second));
  CHECK_FALSE(fs::exists(note("run-two")));
  CHECK(led() == Ids{"run-one"});
}

TEST_CASE_FIXTURE(LedFixture, "locks that nobody has noted are found on the first day and on the next") {
  const auto lock = [&](const std::string& id) { write(open->places.run(id).lock(), ""); };
  lock("run-one");
  CHECK(led() == Ids{"run-one"});
  lock("run-two");
  CHECK(led() == Ids{"run-one"});
  for (const auto& entry : fs::directory_iterator(note("x").parent_path()))
    age(entry.path(), std::chrono::hours(25));
  CHECK(led() == Ids{"run-one", "run-two"});
}

TEST_CASE_FIXTURE(LedFixture, "a note without a lock is kept for a while: its run may be about to begin") {
  LedRuns(open->places).note("run-one");
  CHECK(led().empty());
  CHECK(fs::exists(note("run-one")));
  age(note("run-one"), std::chrono::hours(2));
  CHECK(led().empty());
  CHECK_FALSE(fs::exists(note("run-one")));
}
