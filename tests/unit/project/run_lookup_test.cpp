#include "project/run_lookup.hpp"

#include <doctest/doctest.h>

#include "../open_project.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::testing::OpenProject;
namespace project = changeling::project;

TEST_CASE("a name that no run can have is said, with the nearest one") {
  OpenProject open;
  open.project.store().initialize();
  open.write_definitions("[changelings.sprite]\nrun = \"true\"\n[roles.scribe]\nprompt = \"Write.\"\n");
  for (const char* known : {"sprite", "scribe", "task"})
    CHECK_NOTHROW(project::require_name_of_runs(open.project, known));
  try {
    project::require_name_of_runs(open.project, "sprit");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::NotFound);
    CHECK(std::string(error.what()) == "there is no changeling 'sprit'");
    CHECK(error.hint() == "did you mean 'sprite'?");
  }
}
