#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "../temporary_repository.hpp"
#include "cli/definitions.hpp"
#include "cli/run_once.hpp"
#include "cli/trust.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::cli;

namespace {

/// A repository whose file says one thing on its branch and another in the work tree.
struct Place {
  Place() {
    write("echo committed");
    place.git("add --all");
    place.git("commit -q -m changelings");
    write("echo tried out");
    context.store().initialize();
  }
  void write(const std::string& command) const {
    std::ofstream(place.path() / ".changelings.toml")
        << "[changelings.x]\nrun = \"" << command << "\"\n[agents.claude]\ncommand = [\"other\"]\n"
        << "[roles.r]\nprompt = \"Do it.\"\n";
  }
  Environment environment() const {
    Environment environment = testing::hermetic_environment();
    environment.set("HOME", home.path().string());
    environment.set("PATH", std::getenv("PATH"));
    return environment;
  }
  std::string command(FileReading reading) {
    return DefinitionSet::load(context, reading).resolve("x").definition.command;
  }
  Answer start() {
    RunOrder order;
    order.changeling = "x";
    order.trigger = "schedule";
    return run_changeling(context, order);
  }

  testing::TemporaryFolder home;
  testing::TemporaryRepository place;
  Context context{environment(), {{place.path().string()}, false, true, false}};
};

}  // namespace

TEST_CASE(
    "what runs unattended reads the file of the base branch, what a person types that of the work tree") {
  Place place;
  CHECK(place.command(FileReading::WorkTree) == "echo tried out");
  CHECK(place.command(FileReading::BaseBranch) == "echo committed");
}

TEST_CASE("a schedule does not start what is not trusted, and says so") {
  Place place;
  const Answer answer = place.start();
  CHECK(answer.exit_code == 1);
  CHECK(answer.json.at("skipped").get<std::string>().find("'x' is not trusted") != std::string::npos);
  std::ifstream events(place.context.places().local_folder() / "events.jsonl");
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
  const auto approve_reading = [&](FileReading reading) {
    const DefinitionSet set = DefinitionSet::load(place.context, reading);
    approve(place.context, changeling_subject(set, set.resolve("x").definition));
  };
  approve_reading(FileReading::WorkTree);
  CHECK(place.start().json.contains("skipped"));
  approve_reading(FileReading::BaseBranch);
  CHECK(place.start().json.at("outcome") == "no-changes");
}

TEST_CASE("workers ask for roles, and without a role only for agents that are not built in") {
  Place place;
  const RoleSet roles = RoleSet::load(place.context);
  const AgentType& own = roles.definitions().file_agents().at("claude");
  const AgentType& builtin = builtin_agent_types().at("codex");
  CHECK_THROWS_AS(check_trusted(place.context, roles, "r", own), Error);
  CHECK_THROWS_AS(check_trusted(place.context, roles, "", own), Error);
  CHECK_NOTHROW(check_trusted(place.context, roles, "", builtin));
  approve(place.context, approval_subject(roles.find("r").role, own));
  CHECK_NOTHROW(check_trusted(place.context, roles, "r", own));
  CHECK_THROWS_AS(check_trusted(place.context, roles, "r", builtin), Error);
  approve(place.context, approval_subject(own));
  CHECK_NOTHROW(check_trusted(place.context, roles, "", own));
}
