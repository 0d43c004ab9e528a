#include "store/run_sums.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>

#include "open_store.hpp"
#include "store/record_index.hpp"
#include "store/records.hpp"
#include "store/run_costs.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::testing;
using store::Outcome;
using store::RunRecord;
using store::RunSum;

namespace {

RunRecord run_of(const std::string& id, const std::string& changeling, const std::string& started) {
  RunRecord run;
  run.id = id;
  run.changeling = changeling;
  run.trigger = "manual";
  run.agent = "command";
  run.status = store::RunStatus::Finished;
  run.outcome = Outcome::NoChanges;
  run.started_at = parse_timestamp(started);
  run.ended_at = run.started_at + std::chrono::minutes(1);
  run.duration = std::chrono::minutes(1);
  run.cost_usd = 0.5;
  return run;
}

/// The zone of this process, put back at the end.
class InZone {
 public:
  explicit InZone(const char* zone) {
    if (const char* now = std::getenv("TZ")) before_ = now;
    ::setenv("TZ", zone, 1);
    ::tzset();
  }
  InZone(const InZone&) = delete;
  InZone& operator=(const InZone&) = delete;
  ~InZone() {
    if (before_) {
      ::setenv("TZ", before_->c_str(), 1);
    } else {
      ::unsetenv("TZ");
    }
    ::tzset();
  }

 private:
  std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("runs are added up by changeling, day of this machine's clock and outcome") {
  const InZone zone("Europe/Berlin");
  TemporaryRepository home;
  OpenStore opened(home);
  opened.store.initialize();
  RunRecord running = run_of("run00004", "b", "2026-11-21T12:00:00Z");
  running.status = store::RunStatus::Running;
  running.outcome.reset();
  running.ended_at.reset();
  running.duration.reset();
  running.cost_usd.reset();
  RunRecord failed = run_of("run00003", "a", "2026-11-20T22:59:59Z");
  failed.outcome = Outcome::Failed;
  opened.store.update({"runs", "runs", {}}, [&](const store::Snapshot&, store::Change& change) {
    // The second is one before midnight there, the third one after it.
    for (const RunRecord& run :
         {run_of("run00001", "a", "2026-11-20T08:00:00Z"), run_of("run00002", "a", "2026-11-20T22:59:58Z"),
          failed, run_of("run00005", "a", "2026-11-20T23:00:00Z"), running})
      write_run(change, run);
  });
  store::RecordIndex index(opened.store, home.path() / ".git" / "changelings" / "index.sqlite");
  index.follow();
  const store::SumQuery all{
      parse_timestamp("2026-11-20T00:00:00Z"), parse_timestamp("2026-11-22T00:00:00Z"), {}};
  const auto sums = run_sums(index, all);
  REQUIRE(sums.size() == 4);
  CHECK(sums[0].changeling == "a");
  CHECK(sums[0].day == "2026-11-20");
  CHECK(sums[0].outcome == Outcome::NoChanges);
  CHECK(sums[0].runs == 2);
  CHECK(sums[0].cost_usd == doctest::Approx(1));
  CHECK(sums[0].duration == std::chrono::minutes(2));
  CHECK(sums[1].outcome == Outcome::Failed);
  CHECK(sums[2].day == "2026-11-21");
  CHECK(sums[3].changeling == "b");
  CHECK_FALSE(sums[3].outcome);
  CHECK(sums[3].untold == 1);
  CHECK(run_sums(index, {all.since, all.until, {"b", "c"}}).size() == 1);
  CHECK(
      run_sums(index, {parse_timestamp("2026-11-20T23:00:00Z"), parse_timestamp("2026-11-21T12:00:00Z"), {}})
          .size() == 1);
  CHECK(run_sums(index, {all.until, all.until, {}}).empty());
}

TEST_CASE("the runs with some ids are added up, also very many of them") {
  TemporaryRepository home;
  OpenStore opened(home);
  opened.store.initialize();
  std::vector<std::string> ids{"nobody22"};
  opened.store.update({"run", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    for (int number = 0; number < 1203; ++number) {
      RunRecord run = run_of(fmt::format("r{:07}", number), "sprite", "2026-11-20T10:00:00Z");
      if (number % 3 == 0) run.cost_usd = std::nullopt;
      store::write_run(change, run);
      if (number > 0) ids.push_back(run.id);
    }
  });
  store::RecordIndex index(opened.store, home.path() / ".git" / "changelings" / "index.sqlite");
  index.follow();
  const store::RunCosts costs = store::costs_of_runs(index, ids);
  CHECK(costs.runs == 1202);
  CHECK(costs.untold == 400);
  CHECK(costs.usd == doctest::Approx(401));
  CHECK(store::costs_of_runs(index, {}).runs == 0);
}
