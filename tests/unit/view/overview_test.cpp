#include "view/overview.hpp"

#include <doctest/doctest.h>

#include "keys.hpp"

using namespace changeling;
using testing::keys_of;

namespace {

triggers::ChangelingOverview overview() {
  triggers::ChangelingOverview made;
  made.definition.name = "sprite";
  made.definition.agent = "claude";
  made.definition.timezone = "UTC";
  made.definition.triggers = {"post-merge"};
  made.source = "file";
  return made;
}

store::RunRecord last_run() {
  store::RunRecord run;
  run.id = "abc234";
  run.status = store::RunStatus::Finished;
  run.outcome = store::Outcome::OpenedPr;
  run.started_at = testing::morning;
  run.refused = {"Bash: git push"};
  run.pull_request = store::PullRequestReference{7, "https://example.com/7", "open"};
  return run;
}

}  // namespace

TEST_CASE("a changeling of a list has exactly the promised keys") {
  const Json json = view::to_json(overview());
  CHECK(keys_of(json) ==
        "agent description enabled held_back last_run name next_run schedule source template timezone "
        "triggers trusted");
  CHECK(json.at("name") == "sprite");
  CHECK(json.at("agent") == "claude");
  CHECK(json.at("triggers") == Json{"post-merge"});
  CHECK(json.at("enabled") == true);
  CHECK(json.at("trusted") == false);
  CHECK(json.at("source") == "file");
}

TEST_CASE("a changeling without template, schedule and runs says null for them") {
  const Json json = view::to_json(overview());
  for (const char* key : {"template", "schedule", "next_run", "held_back", "last_run"}) {
    INFO(key);
    CHECK(json.at(key) == nullptr);
  }
}

TEST_CASE("a changeling with a schedule says when it comes next, and what keeps it") {
  triggers::ChangelingOverview scheduled = overview();
  scheduled.definition.template_name = "typo-sprite";
  scheduled.definition.schedule = "0 3 * * *";
  scheduled.next_run = testing::morning;
  scheduled.held_back = "a cap is reached";
  const Json json = view::to_json(scheduled);
  CHECK(json.at("template") == "typo-sprite");
  CHECK(json.at("schedule") == "0 3 * * *");
  CHECK(json.at("next_run") == testing::morning_text);
  CHECK(json.at("held_back") == "a cap is reached");
}

TEST_CASE("a changeling's last run has its outcome and its pull request") {
  triggers::ChangelingOverview with_run = overview();
  with_run.last_run = last_run();
  const Json run = view::to_json(with_run).at("last_run");
  CHECK(keys_of(run) == "ended_at id moved_refs outcome pull_request refused started_at status walls");
  CHECK(run.at("id") == "abc234");
  CHECK(run.at("status") == "finished");
  CHECK(run.at("outcome") == "opened-pr");
  CHECK(run.at("refused") == Json{"Bash: git push"});
  CHECK(run.at("started_at") == testing::morning_text);
  CHECK(run.at("pull_request") == Json{{"number", 7}, {"url", "https://example.com/7"}, {"state", "open"}});
}

TEST_CASE("a last run that still goes on has neither an outcome nor an end") {
  triggers::ChangelingOverview with_run = overview();
  with_run.last_run = store::RunRecord{};
  const Json run = view::to_json(with_run).at("last_run");
  CHECK(run.at("status") == "running");
  CHECK(run.at("outcome") == nullptr);
  CHECK(run.at("ended_at") == nullptr);
  CHECK(run.at("pull_request") == nullptr);
}
