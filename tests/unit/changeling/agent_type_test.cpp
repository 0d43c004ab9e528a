#include "changeling/agent_type.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace changeling;

namespace {

bool passes(const AgentType& agent, const std::string& variable) {
  return std::find(agent.pass_environment.begin(), agent.pass_environment.end(), variable) !=
         agent.pass_environment.end();
}

}  // namespace

TEST_CASE("the built-in agent types") {
  const auto& types = builtin_agent_types();
  REQUIRE(types.size() == 5);
  for (const auto& [key, type] : types) {
    // Clang 14 does not let doctest capture a structured binding.
    const std::string& name = key;
    CAPTURE(name);
    CHECK(type.name == name);
    CHECK_FALSE(type.description.empty());
    for (const std::string& variable : type.pass_environment) {
      // Push and forge credentials never reach an agent.
      CHECK(variable.find("GITHUB") == std::string::npos);
      CHECK(variable.find("GH_") == std::string::npos);
      CHECK(variable.find("SSH") == std::string::npos);
    }
  }
  CHECK(types.at("claude").launcher == LauncherKind::Claude);
  CHECK(types.at("claude").command == std::vector<std::string>{"claude"});
  CHECK(types.at("mngr").launcher == LauncherKind::Mngr);
  CHECK(types.at("mngr").command == std::vector<std::string>{"mngr"});
  for (const char* name : {"claude", "mngr"}) {
    for (const char* variable : {"ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_BASE_URL",
                                 "CLAUDE_CONFIG_DIR", "CLAUDE_CODE_MAX_RETRIES", "IS_SANDBOX"}) {
      CHECK(passes(types.at(name), variable));
    }
    CHECK(types.at(name).environment.at("DISABLE_TELEMETRY") == "1");
    CHECK(types.at(name).environment.at("DISABLE_AUTOUPDATER") == "1");
  }
  CHECK(types.at("command").command.empty());
  CHECK(types.at("codex").command.front() == "codex");
  CHECK(passes(types.at("codex"), "OPENAI_API_KEY"));
  CHECK(passes(types.at("codex"), "CODEX_API_KEY"));
  CHECK(passes(types.at("gemini"), "GEMINI_API_KEY"));
  CHECK(passes(types.at("gemini"), "GOOGLE_API_KEY"));
}
