#include "work/beads_footprint.hpp"

#include <doctest/doctest.h>

#include "../run/fixture.hpp"

using namespace changeling;
using changeling::testing::RunFixture;

TEST_CASE_FIXTURE(RunFixture, "what bd writes into a checkout is told, and nothing where it writes nothing") {
  const auto told = [&] { return work::beads_footprint(open->git, home.path()); };
  write(home.path() / ".beads/interactions.jsonl", "{}\n");
  CHECK(told().empty());
  shell(home.path(), "git add .beads");
  CHECK(told().find("bd writes .beads/interactions.jsonl in this checkout") != std::string::npos);
  shell(home.path(), "git rm -q --cached -r .beads && git config core.hooksPath .beads/hooks");
  CHECK(told() == "bd has set core.hooksPath to .beads/hooks, so git runs the hooks that are there");
}
