#include <doctest/doctest.h>

#include <fstream>

#include "../open_project.hpp"
#include "project/definitions.hpp"
#include "project/roles.hpp"
#include "project/trust.hpp"
#include "run/start.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::run;

namespace {

/// A repository whose file says one thing on its branch and another in the work tree.
struct Place : testing::OpenProject {
  Place() {
    commit_definitions(definitions("echo committed"));
    write_definitions(definitions("echo tried out"));
    project.store().initialize();
  }
  static std::string definitions(const std::string& command) {
    return "[changelings.x]\nrun = \"" + command + "\"\n[agents.claude]\ncommand = [\"other\"]\n" +
           "[roles.r]\nprompt = \"Do it.\"\n";
  }
  std::string command(project::FileReading reading) {
    return project::DefinitionSet::load(project, reading).resolve("x").definition.command;
  }
  RunOrder order() const {
    RunOrder order;
    order.changeling = "x";
    order.trigger = "schedule";
    return order;
  }
  std::optional<NotTrusted> gate() { return check_gate(project, order(), prepare_start(project, order())); }
  void approve(project::FileReading reading) {
    const project::DefinitionSet set = project::DefinitionSet::load(project, reading);
    project::approve(project, project::changeling_subject(set, set.resolve("x").definition));
  }
};

}  // namespace

TEST_CASE(
    "what runs unattended reads the file of the base branch, what a person types that of the work tree") {
  Place place;
  CHECK(place.command(project::FileReading::WorkTree) == "echo tried out");
  CHECK(place.command(project::FileReading::BaseBranch) == "echo committed");
}

TEST_CASE("a schedule does not start what is not trusted, and says so") {
  Place place;
  const auto result = start(place.project, place.order());
  REQUIRE(std::holds_alternative<NotTrusted>(result));
  CHECK(std::get<NotTrusted>(result).standing.subject.name == "x");
  std::ifstream events(place.project.places().local_folder() / "events.jsonl");
  std::string line;
  REQUIRE(std::getline(events, line));
  const Json event = parse_json(line, "event");
  CHECK(event.at("event") == "trigger:skipped");
  CHECK(event.at("changeling") == "x");
  CHECK(event.at("trigger") == "schedule");
  CHECK(event.at("reason").get<std::string>().find("not trusted") != std::string::npos);
  CHECK_FALSE(std::getline(events, line));
}

TEST_CASE("an approval of what lies in the work tree is none of what would run unattended") {
  Place place;
  place.approve(project::FileReading::WorkTree);
  CHECK(place.gate().has_value());
  place.approve(project::FileReading::BaseBranch);
  REQUIRE_FALSE(place.gate().has_value());
  const RunRequest request = prepare_start(place.project, place.order()).request;
  const auto result = run_here(place.project, request, {});
  REQUIRE(std::holds_alternative<store::RunRecord>(result));
  CHECK(std::get<store::RunRecord>(result).outcome == store::Outcome::NoChanges);
}

TEST_CASE("a run keeps the id that it was given, unless there is such a run already") {
  Place place;
  place.approve(project::FileReading::BaseBranch);
  RunOrder order = place.order();
  order.run_id = "mine23";
  CHECK(prepare_start(place.project, order).request.run_id == "mine23");
  run_here(place.project, prepare_start(place.project, order).request, {});
  CHECK(prepare_start(place.project, order).request.run_id != "mine23");
  for (const char* wrong : {"abc", "With-Capitals", "a/../b"}) {
    order.run_id = wrong;
    CHECK_THROWS_AS(prepare_start(place.project, order), Error);
  }
}

TEST_CASE("an agent of the file that was only named for this run is refused") {
  Place place;
  place.approve(project::FileReading::BaseBranch);
  RunOrder order = place.order();
  order.overrides.values["agent"] = std::string("claude");
  order.overrides.values["run"] = std::string();
  order.overrides.values["prompt"] = std::string("Do it.");
  CHECK_THROWS_AS(check_gate(place.project, order, prepare_start(place.project, order)), Error);
}

TEST_CASE("workers ask for roles, and without a role only for agents that are not built in") {
  Place place;
  const project::RoleSet roles = project::RoleSet::load(place.project);
  const AgentType& own = roles.definitions().file_agents().at("claude");
  const AgentType& builtin = builtin_agent_types().at("codex");
  CHECK_THROWS_AS(project::check_trusted(place.project, roles, "r", own), Error);
  CHECK_THROWS_AS(project::check_trusted(place.project, roles, "", own), Error);
  CHECK_NOTHROW(project::check_trusted(place.project, roles, "", builtin));
  project::approve(place.project, approval_subject(roles.find("r").role, own));
  CHECK_NOTHROW(project::check_trusted(place.project, roles, "r", own));
  CHECK_THROWS_AS(project::check_trusted(place.project, roles, "r", builtin), Error);
  project::approve(place.project, approval_subject(own));
  CHECK_NOTHROW(project::check_trusted(place.project, roles, "", own));
}
