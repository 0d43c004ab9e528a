#include "cli/refused_in_runs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "cli/command.hpp"
#include "support/files.hpp"

using namespace changeling::cli;

TEST_CASE("the commands that are refused inside runs are there, and sorted") {
  const auto refused = commands_refused_in_runs();
  CHECK(std::is_sorted(refused.begin(), refused.end()));
  for (const std::string_view path : refused) {
    CAPTURE(path);
    CHECK(std::any_of(commands().begin(), commands().end(),
                      [path](const CommandSpec& command) { return command.path == path; }));
  }
}

TEST_CASE("of every command it was decided whether a run may use it") {
  // They read, work on tasks, start what the user has approved, or are started by the program itself.
  const std::set<std::string_view> allowed{
      "__answer-chat",
      "__complete",
      "__deliver-notices",
      "__dump-cli",
      "__lead-run",
      "__pack",
      "__work-part",
      "agent list",
      "agent show",
      "ask",
      "attach",
      "config get",
      "config list",
      "credential list",
      "dispatch",
      "events",
      "hook run",
      "hooks status",
      "init",
      "list",
      "log",
      "logs",
      "notify list",
      "plan",
      "prime",
      "report",
      "retry",
      "review diff",
      "review list",
      "review show",
      "role list",
      "role show",
      "run",
      "runs list",
      "runs show",
      "schedule status",
      "send",
      "show",
      "skill export",
      "skill list",
      "skill show",
      "status",
      "stop",
      "sync",
      "task add",
      "task block",
      "task claim",
      "task complete",
      "task done",
      "task drop",
      "task edit",
      "task export",
      "task import",
      "task list",
      "task move",
      "task release",
      "task remove",
      "task renew",
      "task show",
      "task stale",
      "task unblock",
      "templates export",
      "templates list",
      "templates show",
      "tick",
      "webhook deliveries",
      "webhook list",
      "webhook show",
      "webhook test",
      "work",
  };
  for (const CommandSpec& command : commands()) {
    CAPTURE(command.path);
    CHECK(is_refused_in_runs(command.path) != allowed.contains(command.path));
  }
}

TEST_CASE("the page about secrets names them all") {
  const std::string page = changeling::read_file(CHANGELING_SOURCE_DIR "/docs/secrets.md");
  for (const std::string_view path : commands_refused_in_runs()) {
    CAPTURE(path);
    CHECK(page.find("`" + std::string(path) + "`") != std::string::npos);
  }
}

TEST_CASE("agents read, and work on tasks") {
  for (const char* path :
       {"task add", "task done", "task show", "prime", "list", "runs list", "logs", "config get"}) {
    CAPTURE(path);
    CHECK_FALSE(is_refused_in_runs(path));
  }
  for (const char* path : {"trust", "review accept", "schedule install", "add", "undo", "config set"}) {
    CAPTURE(path);
    CHECK(is_refused_in_runs(path));
  }
}
