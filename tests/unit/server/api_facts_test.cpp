// What the API tells of caps, machines, variables and starts that did not come about.
#include "api_fixture.hpp"
#include "project/host_name.hpp"
#include "store/records.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

namespace {

struct Facts : Api {
  void add_run(const std::string& id, const std::function<void(store::RunRecord&)>& change) {
    store::RunRecord run;
    run.id = id;
    run.changeling = "sprite";
    run.trigger = "manual";
    run.agent = "command";
    run.status = store::RunStatus::Finished;
    run.outcome = store::Outcome::NoChanges;
    run.started_at = project.clock().now();
    run.host = "elsewhere";
    change(run);
    project.store().update({"run", "test", {}}, [&](const store::Snapshot&, store::Change& written) {
      store::write_run(written, run);
    });
  }
  Json machine(const std::string& host) {
    const ApiAnswer answer = get("/machines");
    INFO(answer.text);
    REQUIRE(answer.status == 200);
    for (const Json& one : answer.json.at("machines")) {
      if (one.at("host") == host) return one;
    }
    return nullptr;
  }
};

}  // namespace

TEST_CASE("a cap of the repository that is used up is told, and one that is not is none") {
  Facts api;
  CHECK(api.get("/status").json.at("cap_reached") == nullptr);
  api.place.git("config changeling.dailyBudget 2");
  api.add_run("aaaa2345aa", [](auto& run) { run.cost_usd = 1.5; });
  CHECK(api.get("/status").json.at("cap_reached") == nullptr);
  api.add_run("bbbb2345bb", [](auto& run) { run.cost_usd = 0.5; });
  const Json reached = api.get("/status").json.at("cap_reached");
  REQUIRE(reached.is_string());
  CHECK(reached.get<std::string>().find("the cap of $2.00 for this repository today is reached") == 0);
}

TEST_CASE("machines are those of runs and leases, with what each does") {
  Facts api;
  const Json here = api.machine(project::host_name());
  CHECK(here.at("here") == true);
  CHECK(here.at("runs").empty());
  api.add_run("aaaa2345aa", [](auto& run) {
    run.started_at = parse_timestamp("2026-11-20T03:00:00Z");
    run.ended_at = parse_timestamp("2026-11-20T03:04:00Z");
  });
  CHECK(api.machine("elsewhere").at("last_seen") == "2026-11-20T03:04:00.000Z");
  CHECK(api.machine("elsewhere").at("here") == false);
  api.add_run("bbbb2345bb", [&](auto& run) {
    run.status = store::RunStatus::Running;
    run.outcome.reset();
    run.expires_at = run.started_at + std::chrono::hours(1);
  });
  CHECK(api.machine("elsewhere").at("runs") ==
        Json::array({{{"id", "bbbb2345bb"}, {"changeling", "sprite"}, {"task", ""}}}));
  const std::string task = api.add_task("carried");
  CHECK(api.post("/tasks/" + task + "/claim", {{"worker", "ann@laptop"}}).status == 200);
  CHECK(api.machine("laptop").at("tasks") ==
        Json::array({{{"id", task}, {"title", "carried"}, {"owner", "ann@laptop"}}}));
}

TEST_CASE("variables are listed by name with who uses them, and without values") {
  Facts api;
  api.commit_definitions(
      "[changelings.one]\nrun = \"true\"\nsecrets = [\"KEY\"]\nenv = { MODE = \"hidden-value\" }\n"
      "[changelings.two]\nrun = \"true\"\nsecrets = [\"KEY\"]\n");
  const ApiAnswer listed = api.get("/variables");
  INFO(listed.text);
  CHECK(listed.json.at("variables") ==
        Json::array({{{"name", "KEY"}, {"secret", true}, {"changelings", {"one", "two"}}},
                     {{"name", "MODE"}, {"secret", false}, {"changelings", Json::array({"one"})}}}));
  CHECK(listed.text.find("hidden-value") == std::string::npos);
}

TEST_CASE("starts that did not come about are listed newest first, each with its reason") {
  Facts api;
  api.post("/changelings", {{"name", "sprite"}, {"run", "true"}, {"schedule", "@daily"}});
  const auto skip = [&](const std::string& name, const std::string& reason, Json more) {
    more.update({{"changeling", name}, {"reason", reason}});
    api.project.events().append("trigger:skipped", more);
  };
  skip("sprite", "nobody looked", {{"trigger", "schedule"}, {"scheduled_for", "2026-11-20T03:00:00.000Z"}});
  skip("other", "not mine", {{"trigger", "push"}});
  api.project.events().append("run:started", {{"changeling", "sprite"}, {"trigger", "trigger:skipped"}});
  skip("sprite", "not trusted", {{"trigger", "push"}});
  const ApiAnswer listed = api.get("/changelings/sprite/skips");
  INFO(listed.text);
  const Json& skips = listed.json.at("skips");
  REQUIRE(skips.size() == 2);
  CHECK(skips.at(0).at("reason") == "not trusted");
  CHECK(skips.at(0).at("trigger") == "push");
  CHECK(skips.at(0).at("scheduled_for") == nullptr);
  CHECK(skips.at(1).at("scheduled_for") == "2026-11-20T03:00:00.000Z");
  CHECK(api.get("/changelings/sprite/skips?limit=1").json.at("skips").size() == 1);
  CHECK(api.get("/changelings/sprit/skips").status == 404);
}
