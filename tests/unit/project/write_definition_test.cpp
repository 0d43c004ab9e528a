#include "project/write_definition.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../open_project.hpp"
#include "project/hook_subscriptions.hpp"
#include "project/registered_repositories.hpp"
#include "project/trust.hpp"

using namespace changeling;
using project::Expectation;
using project::Written;
using testing::error_of;

namespace {

struct Place : testing::OpenProject {
  Place() { project.store().initialize(); }
  Written write(Expectation expectation, const std::map<std::string, FieldValue>& values) {
    return project::write_definition(project, "sprite", expectation, "update", [&](Layer layer) {
      for (const auto& [key, value] : values) layer.values[key] = value;
      return layer;
    });
  }
  Written add(const std::string& command = "true") { return write(Expectation::Missing, {{"run", command}}); }
  Definition stored() { return project::DefinitionSet::load(project).resolve("sprite").definition; }
  void add_approval() {
    const auto set = project::DefinitionSet::load(project);
    project::approve(project, project::changeling_subject(set, stored()));
  }
  bool is_trusted() {
    const auto set = project::DefinitionSet::load(project);
    return project::open_approvals(project).holds(project::changeling_subject(set, stored()));
  }
};

}  // namespace

TEST_CASE("what the user adds is written to the state, and approved by the act") {
  Place place;
  const Written written = place.add();
  CHECK(written.trusted);
  CHECK(written.resolved.source == "state");
  CHECK(place.stored().command == "true");
  CHECK(place.is_trusted());
  CHECK(place.messages.empty());
}

TEST_CASE("a change of what is there keeps the rest of it") {
  Place place;
  place.add();
  CHECK(place.write(Expectation::Present, {{"max_turns", std::int64_t{3}}}).trusted);
  CHECK(place.stored().command == "true");
  CHECK(place.stored().max_turns == 3);
  CHECK(place.is_trusted());
}

TEST_CASE("what should not be there yet, and what should, is asked for") {
  Place place;
  const auto missing = error_of([&] { place.write(Expectation::Present, {{"run", std::string("x")}}); });
  REQUIRE(missing.has_value());
  CHECK(missing->kind() == ErrorKind::NotFound);
  place.add();
  const auto there = error_of([&] { place.add("false"); });
  REQUIRE(there.has_value());
  CHECK(there->kind() == ErrorKind::Conflict);
  CHECK(there->hint().find("git changeling update sprite") != std::string::npos);
  CHECK(place.stored().command == "true");
  CHECK_NOTHROW(place.write(Expectation::Either, {{"run", std::string("false")}}));
  CHECK(place.stored().command == "false");
}

TEST_CASE("a changeling of the file is there, too") {
  Place place;
  place.write_definitions("[changelings.sprite]\nrun = \"file\"\n");
  CHECK(error_of([&] { place.add(); }).has_value());
  place.write(Expectation::Present, {{"max_turns", std::int64_t{3}}});
  CHECK(place.stored().command == "file");
  CHECK(place.stored().max_turns == 3);
}

TEST_CASE("what cannot run is not written") {
  Place place;
  const auto before = place.project.snapshot().commit();
  const auto error = error_of([&] { place.write(Expectation::Missing, {{"agent", std::string("nobody")}}); });
  REQUIRE(error.has_value());
  CHECK(std::string(error->what()).find("nobody") != std::string::npos);
  CHECK(place.project.snapshot().commit() == before);
}

TEST_CASE("a name that cannot be one is refused, and so is everything before init") {
  Place place;
  const auto same = [](Layer layer) { return layer; };
  CHECK_THROWS_AS(project::write_definition(place.project, "Not a name", Expectation::Either, "add", same),
                  Error);
  testing::OpenProject empty;
  CHECK_THROWS_AS(project::write_definition(empty.project, "sprite", Expectation::Either, "add", same),
                  Error);
}

TEST_CASE("a change of what nobody has approved approves nothing, and says so") {
  Place place;
  place.write_definitions("[changelings.sprite]\nrun = \"file\"\n");
  CHECK_FALSE(place.write(Expectation::Present, {{"max_turns", std::int64_t{3}}}).trusted);
  CHECK_FALSE(place.is_trusted());
  CHECK(place.was_told("you have changed what nobody has approved here"));
}

TEST_CASE("an agent of the file that joins with a change is not approved by it") {
  Place place;
  place.write_definitions("[agents.mine]\ncommand = [\"mine\", \"{prompt}\"]\n");
  const Written written =
      place.write(Expectation::Missing, {{"agent", std::string("mine")}, {"prompt", std::string("Do it.")}});
  CHECK_FALSE(written.trusted);
  CHECK(place.was_told("it uses parts that you have not approved here"));
  const auto set = project::DefinitionSet::load(place.project);
  project::approve(place.project, project::changeling_subject(set, place.stored()));
  CHECK(place.write(Expectation::Present, {{"max_turns", std::int64_t{3}}}).trusted);
}

TEST_CASE("a schedule lets tick know of the repository, and nothing else does") {
  Place place;
  place.add();
  const project::RegisteredRepositories registered(place.environment());
  CHECK(registered.list().empty());
  place.write(Expectation::Present, {{"schedule", std::string("@daily")}, {"enabled", false}});
  CHECK(registered.list().empty());
  place.write(Expectation::Present, {{"enabled", true}});
  CHECK(registered.list() == std::vector<std::filesystem::path>{place.place.path() / ".git"});
}

TEST_CASE("the operation is named in the history of the state") {
  Place place;
  place.add();
  const auto commit = place.project.snapshot().commit();
  REQUIRE(commit.has_value());
  CHECK(place.project.repository().commit(*commit).message.starts_with("update sprite\n"));
}

TEST_CASE("what somebody else writes is trusted only if exactly that was approved before") {
  Place place;
  const auto write = [&](Expectation expectation, const std::string& command) {
    return project::write_definition(
        place.project, "sprite", expectation, "update",
        [&](Layer layer) {
          layer.values["run"] = command;
          return layer;
        },
        project::Author::Other);
  };
  CHECK(!write(Expectation::Missing, "true").trusted);
  CHECK(!place.is_trusted());
  place.add_approval();
  CHECK(write(Expectation::Present, "true").trusted);
  CHECK(!write(Expectation::Present, "false").trusted);
  CHECK(!place.is_trusted());
  CHECK(place.messages.empty());
}
