#include "cli/refused_in_runs.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "cli/command.hpp"

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
