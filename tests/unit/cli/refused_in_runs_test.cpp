#include "cli/refused_in_runs.hpp"

#include <doctest/doctest.h>

#include <algorithm>

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
