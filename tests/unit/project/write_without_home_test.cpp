#include "project/write_definition.hpp"

#include <doctest/doctest.h>

#include "../open_project.hpp"
#include "project/definitions.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::project;
using changeling::testing::OpenProject;

namespace {

Layer with_command(Layer layer) {
  layer.values["run"] = std::string("true");
  return layer;
}

/// Nothing in it is below a home folder.
Opening without_home(OpenProject& open) {
  Opening opening = open.opening();
  for (const char* name : {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"})
    opening.environment.unset(name);
  return opening;
}

}  // namespace

TEST_CASE("where nothing can be approved, nothing new is written") {
  OpenProject open;
  open.project.store().initialize();
  Project homeless(without_home(open));
  CHECK_THROWS_WITH_AS(write_definition(homeless, "sprite", Expectation::Missing, "add", with_command),
                       "HOME is not set, so there is no place for approvals", Error);
  CHECK_FALSE(DefinitionSet::load(open.project).contains("sprite"));
}

TEST_CASE("what is there can be changed without a place for approvals") {
  OpenProject open;
  open.project.store().initialize();
  CHECK(write_definition(open.project, "sprite", Expectation::Missing, "add", with_command).trusted);
  Project homeless(without_home(open));
  CHECK_FALSE(write_definition(homeless, "sprite", Expectation::Present, "update", with_command).trusted);
}
