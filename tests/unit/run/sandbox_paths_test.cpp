#include "run/sandbox_paths.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "../temporary_folder.hpp"

using namespace changeling;
namespace fs = std::filesystem;

namespace {

bool has(const std::vector<fs::path>& paths, const fs::path& path) {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

}  // namespace

TEST_CASE("paths that a command line names") {
  const auto named = run::named_paths(
      "sh '/opt/my/agent.sh' --config=/etc/x.conf>/dev/null && ~/tools/go rel/a", "/home/me");
  CHECK(named == std::vector<fs::path>{"/opt/my/agent.sh", "/etc/x.conf", "/dev/null", "/home/me/tools/go"});
  CHECK(run::named_paths("", "/home/me").empty());
  CHECK(run::named_paths("~/x", "").empty());
}

TEST_CASE("of a git configuration an agent gets nothing that holds credentials or addresses") {
  const std::string text =
      "[user]\n\tname = Me\n[credential \"https://x\"]\n\thelper = store\n[http]\n\textraHeader = "
      "Authorization: secret\n[url \"https://token@host\"]\n\tinsteadOf = x\n[Filter \"lfs\"]\n\tclean "
      "= git-lfs clean\n[include]\n\tpath = other\n";
  CHECK(run::configuration_for_agents(text) ==
        "[user]\n\tname = Me\n[Filter \"lfs\"]\n\tclean = git-lfs clean\n");
}

TEST_CASE("the home is one of the run's, with what agent and definition name") {
  AgentType agent = builtin_agent_types().at("claude");
  Definition definition;
  definition.sandbox_read = {"/srv/models"};
  definition.sandbox_write = {"~/.cache/mine"};
  const run::SandboxSurroundings place{"/home/me",
                                       "/home/me/project",
                                       "/home/me/project/.git",
                                       "/trees/run",
                                       {"/home/me/project/.git/changelings/runs/x"},
                                       {}};
  const auto walls = run::walls_for(place, agent, definition);
  CHECK(walls.replaced.back().place == "/home/me");
  CHECK(walls.replaced.back().folder == "/home/me/project/.git/changelings/runs/x/home");
  CHECK(has(walls.writable, "/trees/run"));
  CHECK_FALSE(has(walls.writable, "/home/me/.claude"));
  CHECK_FALSE(has(walls.writable, "/home/me/.claude.json"));
  CHECK(has(walls.writable, "/home/me/.cache/mine"));
  CHECK(has(walls.readable, "/srv/models"));
  CHECK(has(walls.never_written, "/home/me/.claude/settings.json"));
  CHECK(has(walls.hidden, "/home/me/project"));
  CHECK(has(walls.hidden, "/home/me/project/.git"));
  CHECK(has(walls.readable, "/home/me/project/.git/objects"));
  CHECK_FALSE(has(walls.writable, "/home/me/project/.git"));
  CHECK(has(walls.hidden, "/run"));
}

TEST_CASE("of an agent's own folder a run may renew the login, and keep its conversation") {
  const test::TemporaryFolder folder;
  for (const char* file :
       {".claude/settings.json", ".claude/.credentials.json", ".claude/local/claude", ".claude/my-hook.sh",
        ".claude/projects/-srv-other/memory/MEMORY.md", ".claude/todos/1.json", "config/settings.json",
        ".codex/rules", ".codex/auth.json", ".codex/state_1.sqlite-wal", ".gemini/.env", ".gemini/tmp/x"})
    folder.write(file, "");
  const fs::path home = folder.path();
  const auto walls_of = [&](const char* agent, const Environment& environment) {
    return run::walls_for({home, std::nullopt, "/srv/x/.git", "/trees/a_run.1", {"/runs/x"}, environment},
                          builtin_agent_types().at(agent), {});
  };
  Environment environment;
  auto walls = walls_of("claude", environment);
  for (const char* name : {"settings.json", "local", "my-hook.sh"})
    CHECK(has(walls.readable, home / ".claude" / name));
  for (const char* name : {"projects", "todos"}) {
    CHECK_FALSE(has(walls.readable, home / ".claude" / name));
    CHECK_FALSE(has(walls.writable, home / ".claude" / name));
  }
  CHECK(has(walls.writable, home / ".claude/.credentials.json"));
  CHECK(has(walls.writable, home / ".claude/projects/-trees-a-run-1"));
  environment.set("CLAUDE_CONFIG_DIR", (home / "config").string());
  walls = walls_of("claude", environment);
  CHECK(walls.replaced.back().place == home / "config");
  CHECK(walls.replaced.back().folder == "/runs/x/settings");
  CHECK(has(walls.readable, home / "config/settings.json"));
  CHECK_FALSE(has(walls.writable, home / "config"));
  CHECK(has(walls_of("codex", {}).writable, home / ".codex/auth.json"));
  CHECK(has(walls_of("codex", {}).readable, home / ".codex/rules"));
  CHECK_FALSE(has(walls_of("codex", {}).readable, home / ".codex/state_1.sqlite-wal"));
  CHECK(has(walls_of("gemini", {}).readable, home / ".gemini/.env"));
  CHECK_FALSE(has(walls_of("command", {}).readable, home / ".claude/settings.json"));
}

TEST_CASE("the agent types that come along name the hosts that their programs need") {
  const auto& types = builtin_agent_types();
  const auto names = [&](const char* type, const std::string& host) {
    const auto& network = types.at(type).network;
    return std::find(network.begin(), network.end(), host) != network.end();
  };
  CHECK(names("claude", "api.anthropic.com"));
  CHECK(names("claude", "platform.claude.com"));
  CHECK(names("codex", "api.openai.com"));
  CHECK(names("codex", "auth.openai.com"));
  CHECK(names("gemini", "generativelanguage.googleapis.com"));
  CHECK(names("gemini", "oauth2.googleapis.com"));
  CHECK(types.at("command").network.empty());
}
