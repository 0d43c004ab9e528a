#include "project/roles.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../open_project.hpp"

using namespace changeling;
using project::FileMistake;
using project::RoleSet;
using testing::error_of;

namespace {

struct Place : testing::OpenProject {
  Place() { project.store().initialize(); }
  RoleSet load(FileMistake mistake = FileMistake::Refused) { return RoleSet::load(project, mistake); }
};

}  // namespace

TEST_CASE("a role of the state hides the file's of the same name as a whole") {
  Place place;
  place.write_definitions("[roles.reviewer]\nprompt = \"From the file.\"\nagent = \"codex\"\n");
  CHECK(place.load().find("reviewer").source == "file");
  place.write_record("roles/reviewer.toml", "prompt = \"From the state.\"\n");
  const RoleSet roles = place.load();
  CHECK(roles.find("reviewer").source == "state");
  CHECK(roles.find("reviewer").role.prompt == "From the state.");
  CHECK(roles.find("reviewer").role.agent == "claude");
  CHECK(roles.in_file("reviewer"));
  CHECK(roles.all().size() == 1);
}

TEST_CASE("a role that leaves its agent out has one that fits") {
  Place place;
  place.write_definitions("[roles.reviewer]\nprompt = \"Review it.\"\n[roles.builder]\nrun = \"make\"\n");
  const RoleSet roles = place.load();
  CHECK(roles.find("reviewer").role.agent == "claude");
  CHECK(roles.find("builder").role.agent == "command");
  CHECK(roles.agent(roles.find("builder").role).name == "command");
}

TEST_CASE("a role that is not there is answered with the nearest, or with what to type") {
  Place place;
  place.write_definitions("[roles.reviewer]\nprompt = \"Review it.\"\n");
  const RoleSet roles = place.load();
  CHECK_FALSE(roles.contains("reviewr"));
  const auto near = error_of([&] { roles.find("reviewr"); });
  REQUIRE(near.has_value());
  CHECK(near->kind() == ErrorKind::NotFound);
  CHECK(near->hint() == "did you mean 'reviewer'?");
  const auto far = error_of([&] { roles.find("zzzzzzzz"); });
  REQUIRE(far.has_value());
  CHECK(far->hint().find("git changeling role add zzzzzzzz") != std::string::npos);
}

TEST_CASE("a damaged role of the state is there, and is neither shown nor worked with") {
  Place place;
  place.write_record("roles/reviewer.toml", "prompt = 5\n");
  place.write_definitions("[roles.reviewer]\nprompt = \"Review it.\"\n");
  const RoleSet roles = place.load();
  CHECK(roles.contains("reviewer"));
  CHECK(roles.is_damaged("reviewer"));
  CHECK(roles.all().empty());
  const auto error = error_of([&] { roles.find("reviewer"); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::Invalid);
  CHECK(place.was_told("roles/reviewer.toml cannot be read"));
}

TEST_CASE("a role of the file that could never work is refused, or said to those who only show") {
  Place place;
  place.write_definitions(
      "[roles.reviewer]\nprompt = \"Review it.\"\nagent = \"nobody\"\n"
      "[roles.builder]\nrun = \"make\"\n");
  const auto error = error_of([&] { place.load(); });
  REQUIRE(error.has_value());
  CHECK(std::string(error->what()).find("nobody") != std::string::npos);
  const RoleSet roles = place.load(FileMistake::Said);
  CHECK(place.was_told("nobody"));
  CHECK(roles.is_damaged("reviewer"));
  CHECK(roles.all().size() == 1);
  CHECK(roles.find("builder").role.command == "make");
}

TEST_CASE("other task systems know a role by a label") {
  CHECK(project::role_label("reviewer") == "role-reviewer");
}

TEST_CASE("a task for a role that nobody has defined is told with the nearest one") {
  Place place;
  place.write_definitions("[roles.reviewer]\nprompt = \"Review it.\"\n");
  project::warn_of_unknown_role(place.project, "");
  project::warn_of_unknown_role(place.project, "reviewer");
  CHECK(place.messages.empty());
  project::warn_of_unknown_role(place.project, "reviewr");
  CHECK(place.messages ==
        std::vector<std::string>{"there is no role 'reviewr' yet; did you mean 'reviewer'?"});
}
