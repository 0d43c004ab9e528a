#include "run/sandbox_paths.hpp"

#include <doctest/doctest.h>

#include <algorithm>

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
  CHECK(has(walls.writable, "/home/me/.claude"));
  CHECK(has(walls.writable, "/home/me/.cache/mine"));
  CHECK(has(walls.readable, "/srv/models"));
  CHECK(has(walls.never_written, "/home/me/.claude/settings.json"));
  CHECK(has(walls.hidden, "/home/me/project"));
  CHECK(has(walls.hidden, "/home/me/project/.git"));
  CHECK(has(walls.readable, "/home/me/project/.git/objects"));
  CHECK_FALSE(has(walls.writable, "/home/me/project/.git"));
  CHECK(has(walls.hidden, "/run"));
}
