#include "run/agent_environment.hpp"

#include <doctest/doctest.h>

#include <set>

#include "../temporary_folder.hpp"
#include "support/process.hpp"

using namespace changeling;

namespace {

struct Case {
  Case() {
    agent.name = "claude";
    definition.name = "sprite";
    surroundings = {"run-one",
                    "task-1",
                    "/work tree",
                    "/work tree/prompt.md",
                    "/work tree/artifacts",
                    "/excludes",
                    {"Ada", "ada@example.com"}};
  }
  Environment make() const {
    return run::agent_environment(Environment(user), agent, definition, surroundings);
  }

  std::map<std::string, std::string> user{{"PATH", "/usr/bin:/bin"}, {"HOME", "/home/ada"}};
  AgentType agent;
  Definition definition;
  run::AgentSurroundings surroundings;
};

}  // namespace

TEST_CASE("harmless variables pass, everything else stays out") {
  Case test;
  test.user["LC_TIME"] = "C";
  test.user["http_proxy"] = "http://proxy";
  const std::vector<std::string> secret{"GITHUB_TOKEN",
                                        "GH_TOKEN",
                                        "SSH_AUTH_SOCK",
                                        "AWS_SECRET_ACCESS_KEY",
                                        "ANTHROPIC_API_KEY",
                                        "GIT_DIR",
                                        "GIT_INDEX_FILE",
                                        "GIT_CONFIG_PARAMETERS",
                                        "GIT_ASKPASS",
                                        "GIT_SSH",
                                        "LD_PRELOAD",
                                        "BASH_ENV",
                                        "ENV",
                                        "CHANGELING_TRACE",
                                        "DBUS_SESSION_BUS_ADDRESS",
                                        "XDG_RUNTIME_DIR",
                                        "GPG_AGENT_INFO",
                                        "LC",
                                        "PATHX"};
  for (const std::string& name : secret) test.user[name] = "/something/real";
  const Environment environment = test.make();
  CHECK(environment.get("PATH") == "/usr/bin:/bin");
  CHECK(environment.get("LC_TIME") == "C");
  CHECK(environment.get("http_proxy") == "http://proxy");
  for (const std::string& name : secret) {
    CAPTURE(name);
    CHECK(environment.get(name) != "/something/real");
  }
}

TEST_CASE("the agent type and the definition let more through, and the definition has the last word") {
  Case test;
  test.user.insert({{"ANTHROPIC_API_KEY", "key"}, {"DEPLOY_KEY", "deploy"}, {"MODE", "user"}});
  test.agent.pass_environment = {"ANTHROPIC_API_KEY", "NOT_SET"};
  test.agent.environment = {{"MODE", "agent"}, {"AGENT", "1"}};
  test.definition.secrets = {"DEPLOY_KEY"};
  test.definition.environment = {{"MODE", "definition"}};
  const Environment environment = test.make();
  CHECK(environment.get("ANTHROPIC_API_KEY") == "key");
  CHECK(environment.get("DEPLOY_KEY") == "deploy");
  CHECK(environment.get("MODE") == "definition");
  CHECK(environment.get("AGENT") == "1");
  CHECK_FALSE(environment.get("NOT_SET"));
}

TEST_CASE("the agent is told who it is and where, and nobody can tell it otherwise") {
  Case test;
  test.definition.environment = {
      {"CHANGELING_RUN", "other"}, {"GIT_TERMINAL_PROMPT", "1"}, {"GIT_CONFIG_COUNT", "0"}};
  const Environment environment = test.make();
  CHECK(environment.get("CHANGELING_RUN") == "run-one");
  CHECK(environment.get("CHANGELING_NAME") == "sprite");
  CHECK(environment.get("CHANGELING_TASK") == "task-1");
  CHECK(environment.get("CHANGELING_PROMPT_FILE") == "/work tree/prompt.md");
  CHECK(environment.get("CHANGELING_ARTIFACTS") == "/work tree/artifacts");
  CHECK(environment.get("GIT_TERMINAL_PROMPT") == "0");
  CHECK(environment.get("GIT_CONFIG_COUNT") != "0");
}

TEST_CASE("git finds neither a credential helper nor an agent in it, and commits as the actor") {
  const test::TemporaryFolder folder;
  folder.write("config", "[credential]\n\thelper = !touch " + (folder.path() / "asked").string() +
                             ";echo password=x\n");
  Case test;
  test.user["GIT_CONFIG_GLOBAL"] = (folder.path() / "config").string();
  test.user["GIT_CONFIG_NOSYSTEM"] = "1";
  Command command;
  command.arguments = {"/bin/sh", "-c",
                       "printf 'protocol=https\\nhost=example.com\\n\\n' | git credential fill; "
                       "git init -q repository; cd repository; git commit -q --allow-empty -m x; "
                       "git log -1 --format='%an <%ae> %cn'; git config core.excludesFile"};
  command.working_directory = folder.path();
  command.environment = test.make();
  const auto result = SystemProcessRunner().run(command);
  CHECK(result.output == "Ada <ada@example.com> Ada\n/excludes\n");
  CHECK_FALSE(std::filesystem::exists(folder.path() / "asked"));
}

TEST_CASE("what must never be stored: named secrets, the agent's keys, forge tokens") {
  Case test;
  test.user = {{"DEPLOY", "a"},       {"ANTHROPIC_API_KEY", "b"}, {"DB_PASSWORD", "c"}, {"MODEL", "d"},
               {"GITHUB_TOKEN", "e"}, {"GH_TOKEN", "f"},          {"OTHER_TOKEN", "g"}, {"MY_SECRET", "h"}};
  test.definition.secrets = {"DEPLOY", "NOT_SET"};
  test.agent.pass_environment = {"ANTHROPIC_API_KEY", "DB_PASSWORD", "MODEL", "MY_SECRET"};
  const auto values = run::secret_values(Environment(test.user), test.agent, test.definition);
  CHECK(std::set<std::string>(values.begin(), values.end()) ==
        std::set<std::string>{"a", "b", "c", "e", "f", "h"});
}
