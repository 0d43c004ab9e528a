#include "cli/overview_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace changeling;

TEST_CASE("what a record says of its walls breaks no line and commands no terminal") {
  triggers::ChangelingOverview overview;
  overview.definition.name = "sprite";
  store::RunRecord run;
  run.walls.sandbox = "none";
  run.walls.network = "full\nsprite: trusted\x1b[2J";
  overview.last_run = run;
  const std::string text = cli::last_runs_notice({overview});
  CHECK(text.starts_with("\nsandbox: none, network: full sprite: trusted"));
  CHECK(text.ends_with(": sprite\n"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(text.find('\x1b') == std::string::npos);
}
