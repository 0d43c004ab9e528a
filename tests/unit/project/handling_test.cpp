#include "project/handling.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"

using namespace changeling;
using namespace changeling::project;

namespace {

ConfigValues config(std::map<std::string, std::vector<std::string>> values) {
  return [values = std::move(values)](const std::string& key) {
    const auto found = values.find(key);
    return found == values.end() ? std::vector<std::string>{} : found->second;
  };
}

const RoleDefinition reviewer{"reviewer", "claude", "Review it.", true};

}  // namespace

TEST_CASE("a role says agent and prompt, the rest are the defaults") {
  const auto handling = handling_of_role(&reviewer, task_defaults(config({})), {});
  CHECK(handling.definition.name == "reviewer");
  CHECK(handling.definition.prompt == "Review it.");
  CHECK(handling.definition.timeout == std::chrono::minutes(30));
  CHECK(handling.definition.overlap == OverlapPolicy::Replace);
  CHECK(handling.agent.name == "claude");
  CHECK(handling.interactive);
}

TEST_CASE("without a role") {
  const auto handling = handling_of_role(nullptr, task_defaults(config({})), {});
  CHECK(handling.definition.name == "task");
  CHECK(handling.agent.name == "claude");
  CHECK_FALSE(handling.definition.prompt.empty());
  CHECK_FALSE(handling.interactive);
}

TEST_CASE("settings of all tasks, which a role can say better") {
  const Layer defaults = task_defaults(config({{"changeling.task.verify", {"make", "make test"}},
                                               {"changeling.task.agent", {"codex"}},
                                               {"changeling.task.max-turns", {"9"}},
                                               {"changeling.task.schedule", {"* * * * *"}},
                                               {"changeling.task.overlap", {"skip"}}}));
  const auto any = handling_of_role(nullptr, defaults, {});
  CHECK(any.definition.verify == std::vector<std::string>{"make", "make test"});
  CHECK(any.definition.max_turns == 9);
  CHECK(any.agent.name == "codex");
  CHECK(any.definition.schedule.empty());
  CHECK(any.definition.overlap == OverlapPolicy::Replace);
  CHECK(handling_of_role(&reviewer, defaults, {}).agent.name == "claude");
}

TEST_CASE("a mistake names its key") {
  try {
    task_defaults(config({{"changeling.task.timeout", {"soon"}}}));
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Invalid);
    CHECK(std::string(error.what()).starts_with("changeling.task.timeout: "));
  }
}

TEST_CASE("a mistake of a file's role names the role and the place") {
  RoleDefinition role;
  role.name = "fixer";
  role.agent = "command";
  role.locations = {{"agent", {"f.toml", 2, 9}}, {"accept", {"f.toml", 3, 10}}};
  const auto refusal = [&] {
    try {
      handling_of_role(&role, {}, {});
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refusal() == "role \"fixer\": agent: agent \"command\" needs a command line (from f.toml:2:9)");
  role.command = "make";
  role.accept = {"run:"};
  CHECK(refusal().starts_with("role \"fixer\": accept: "));
  CHECK(refusal().ends_with("(from f.toml:3:10)"));
}

TEST_CASE("a role may be a command line, which needs no prompt") {
  const RoleDefinition role{"tester", "command", "", false, "make check"};
  const auto handling = handling_of_role(&role, {}, {});
  CHECK(handling.agent.name == "command");
  CHECK(handling.definition.command == "make check");
  const RoleDefinition without{"tester", "command", "Test.", false};
  CHECK_THROWS_AS(handling_of_role(&without, {}, {}), Error);
  const RoleDefinition both{"tester", "codex", "Test.", false, "make"};
  CHECK_THROWS_AS(handling_of_role(&both, {}, {}), Error);
}

TEST_CASE("agent types of the repository") {
  AgentType script;
  script.name = "script";
  script.command = {"script"};
  const RoleDefinition role{"tester", "script", "Test.", false};
  CHECK(handling_of_role(&role, {}, {{"script", script}}).agent.command == script.command);
  CHECK_THROWS_AS(handling_of_role(&role, {}, {}), Error);
}
