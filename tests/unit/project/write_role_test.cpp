#include "project/write_role.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../open_project.hpp"
#include "project/trust.hpp"

using namespace changeling;
using project::Author;
using project::Expectation;
using testing::error_of;

namespace {

struct Place : testing::OpenProject {
  Place() { project.store().initialize(); }
  project::WrittenRole write(Expectation expectation, const std::string& prompt,
                             Author author = Author::User) {
    return project::write_role(
        project, "writer", expectation,
        [&](RoleDefinition role) {
          role.prompt = prompt;
          project::choose_agent(role, false, false);
          return role;
        },
        author);
  }
};

}  // namespace

TEST_CASE("what the user writes of a role is approved by that, and what another writes is not") {
  Place place;
  const auto added = place.write(Expectation::Missing, "Write.");
  CHECK(added.is_new);
  CHECK(added.trusted);
  CHECK(added.role.agent == "claude");
  CHECK(place.write(Expectation::Present, "Write well.").trusted);
  CHECK(!place.write(Expectation::Present, "Write badly.", Author::Other).trusted);
  CHECK(place.messages.empty());
  // The user has changed what they have not seen.
  CHECK(!place.write(Expectation::Present, "Write on.").trusted);
  CHECK(place.was_told("git changeling trust role:writer"));
}

TEST_CASE("a role that is there, is missing, or says nothing is refused") {
  Place place;
  CHECK(error_of([&] { place.write(Expectation::Present, "x"); })->kind() == ErrorKind::NotFound);
  CHECK(error_of([&] { place.write(Expectation::Missing, " "); })->kind() == ErrorKind::Usage);
  place.write(Expectation::Missing, "x");
  CHECK(error_of([&] { place.write(Expectation::Missing, "x"); })->kind() == ErrorKind::Conflict);
}

TEST_CASE("a command line brings its agent, and an agent that takes none drops it") {
  RoleDefinition role;
  role.command = "make";
  project::choose_agent(role, true, false);
  CHECK(role.agent == "command");
  role.agent = "claude";
  project::choose_agent(role, false, true);
  CHECK(role.command.empty());
}

TEST_CASE("a role of the state is removed with its approval, and one of the file is not") {
  Place place;
  place.write(Expectation::Missing, "x");
  place.write_definitions("[roles.filed]\nprompt = \"x\"\n");
  const auto set = project::RoleSet::load(place.project);
  project::require_removable(set, "writer");
  CHECK(error_of([&] { project::require_removable(set, "filed"); })->kind() == ErrorKind::Refused);
  project::remove_role(place.project, "writer");
  CHECK(!project::RoleSet::load(place.project).contains("writer"));
  CHECK(project::open_approvals(place.project).all().empty());
}
