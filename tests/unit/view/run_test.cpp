#include "view/run.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../open_project.hpp"
#include "keys.hpp"

using namespace changeling;
using testing::keys_of;

namespace {

store::RunRecord finished_run() {
  store::RunRecord run;
  run.id = "abc234";
  run.changeling = "sprite";
  run.trigger = "manual";
  run.status = store::RunStatus::Finished;
  run.outcome = store::Outcome::OpenedPr;
  run.started_at = testing::morning;
  run.duration = std::chrono::seconds(90);
  run.tokens = store::TokenUsage{1, 2, 3, 4};
  run.pull_request = store::PullRequestReference{7, "https://example.com/7", "open"};
  run.verification.push_back({"make test", 0, Duration(12), true, "fine"});
  return run;
}

struct Place : testing::OpenProject {
  Place() { project.store().initialize(); }
  Json shown(const store::RunRecord& run) { return view::to_json(project, run); }
};

}  // namespace

TEST_CASE("a run has the keys of its record, and whether its machine is presumed dead") {
  Place place;
  const Json json = place.shown(finished_run());
  CHECK(keys_of(json) ==
        "actor agent base base_commit branch changeling cost_usd duration_ms ended_at error exit_code "
        "expires_at head host id lease moved_refs outage outcome overrides patch_id presumed_dead "
        "pull_request questions refused report_url reserved_usd retry_of scheduled_for session_id start "
        "started_at "
        "status summary target task tokens trigger turns verification walls");
  CHECK(json.at("id") == "abc234");
  CHECK(json.at("status") == "finished");
  CHECK(json.at("outcome") == "opened-pr");
  CHECK(json.at("started_at") == testing::morning_text);
  CHECK(json.at("duration_ms") == 90000);
  CHECK(json.at("presumed_dead") == false);
}

TEST_CASE("what belongs together in a run is an object of its own") {
  Place place;
  const Json json = place.shown(finished_run());
  CHECK(json.at("tokens") == Json{{"input", 1}, {"output", 2}, {"cache_read", 3}, {"cache_write", 4}});
  CHECK(json.at("pull_request") == Json{{"number", 7}, {"url", "https://example.com/7"}, {"state", "open"}});
  CHECK(keys_of(json.at("verification").at(0)) == "command duration_ms exit_code output passed");
}

TEST_CASE("what a run does not know is null, and not left out") {
  Place place;
  store::RunRecord run;
  run.id = "abc234";
  run.started_at = place.project.clock().now();
  const Json json = place.shown(run);
  for (const char* key : {"task", "outcome", "branch", "head", "ended_at", "duration_ms", "cost_usd",
                          "tokens", "turns", "session_id", "exit_code", "pull_request", "error"}) {
    INFO(key);
    CHECK(json.at(key) == nullptr);
  }
  CHECK(json.at("status") == "running");
}

TEST_CASE("a run that should long be over and is led by nobody is presumed dead") {
  Place place;
  store::RunRecord run = finished_run();
  run.status = store::RunStatus::Running;
  run.started_at = parse_timestamp("2020-01-01T00:00:00Z");
  run.expires_at = parse_timestamp("2020-01-01T02:00:00Z");
  CHECK(place.shown(run).at("presumed_dead") == true);
}

TEST_CASE("a run's report is shown where it lies on this machine") {
  Place place;
  const auto folder = place.project.places().run("abc234").artifacts();
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "report.md") << "All is well.\n";
  CHECK(place.shown(finished_run()).at("report") == "All is well.\n");
}
