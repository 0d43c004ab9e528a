#include "view/role.hpp"

#include <doctest/doctest.h>

#include "keys.hpp"

using namespace changeling;

TEST_CASE("a role has its fields, where it comes from, and the label that other task systems know it by") {
  RoleDefinition role;
  role.name = "reviewer";
  role.agent = "claude";
  role.prompt = "Review it.";
  role.accept = {"run:make test"};
  const Json json = view::to_json(project::ResolvedRole{role, "file"});
  CHECK(json == Json{{"name", "reviewer"},
                     {"agent", "claude"},
                     {"prompt", "Review it."},
                     {"run", nullptr},
                     {"interactive", false},
                     {"accept", {"run:make test"}},
                     {"agents", Json::array()},
                     {"skills", Json::array()},
                     {"label", "role-reviewer"},
                     {"source", "file"}});
}

TEST_CASE("a role that is a command line shows it as run") {
  RoleDefinition role;
  role.name = "builder";
  role.command = "make";
  role.interactive = true;
  const Json json = view::to_json(project::ResolvedRole{role, "state"});
  CHECK(json.at("run") == "make");
  CHECK(json.at("interactive") == true);
  CHECK(json.at("source") == "state");
}
