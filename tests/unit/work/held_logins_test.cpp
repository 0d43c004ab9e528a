#include "work/held_logins.hpp"

#include <doctest/doctest.h>

#include "../open_project.hpp"

using namespace changeling;
using namespace changeling::work;

namespace {

struct Place : testing::OpenProject {
  Place() {
    commit_definitions(
        "[changelings.typo]\nprompt = \"x\"\n[changelings.off]\nprompt = \"x\"\nenabled = false\n"
        "[changelings.line]\nrun = \"true\"\n"
        "[roles.reviewer]\nprompt = \"x\"\n[roles.builder]\nrun = \"true\"\n");
    project.store().initialize();
  }
  void refuse(const std::string& agent, Duration ago = {}) {
    project::MissingLogins(project.environment())
        .note(builtin_agent_types().at(agent), project.clock().now() - ago);
  }
};

}  // namespace

TEST_CASE("what needs a login that is missing") {
  Place place;
  CHECK(held_logins(place.project).empty());
  CHECK(roles_without_login(place.project, "", {}).empty());
  place.refuse("claude");
  place.refuse("codex");
  const auto held = held_logins(place.project);
  REQUIRE(held.size() == 1);
  CHECK(held[0].login.agent == "claude");
  CHECK(held[0].roles == std::vector<std::string>{"", "reviewer"});
  CHECK(held[0].changelings == std::vector<std::string>{"typo"});
  CHECK(who_waits(held[0]) == "typo, tasks without a role and tasks of the role reviewer");
}

TEST_CASE("tasks wait by their role, or by that of their worker") {
  Place place;
  place.refuse("claude");
  const auto any = roles_without_login(place.project, "", {});
  REQUIRE(any.size() == 2);
  CHECK(any.at("reviewer") == "claude is not logged in: git changeling credential set claude");
  CHECK(any.contains(""));
  // Its tasks without a role are worked on as those of the builder.
  CHECK_FALSE(roles_without_login(place.project, "builder", {}).contains(""));
}

TEST_CASE("work is tried again after a while, and what was noted before somebody came is not theirs") {
  Place place;
  place.refuse("claude", project::login_patience);
  CHECK(roles_without_login(place.project, "", {}).empty());
  CHECK(held_logins(place.project).size() == 1);
  place.refuse("claude", std::chrono::minutes(1));
  CHECK(roles_without_login(place.project, "", {}).size() == 2);
  CHECK(roles_without_login(place.project, "", place.project.clock().now()).empty());
}

TEST_CASE("one that waits alone") {
  HeldLogin held;
  held.changelings = {"typo"};
  CHECK(who_waits(held) == "typo");
}
