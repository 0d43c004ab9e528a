#include "project/trust.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../error_of.hpp"
#include "../open_project.hpp"

using namespace changeling;
using project::Standing;
using testing::error_of;

namespace {

struct Place : testing::OpenProject {
  Place() {
    project.store().initialize();
    say("echo one");
  }
  void say(const std::string& command) const {
    write_definitions("[changelings.sprite]\nrun = \"" + command + "\"\n");
  }
  ApprovalSubject subject() {
    const auto set = project::DefinitionSet::load(project);
    return project::changeling_subject(set, set.resolve("sprite").definition);
  }
  Standing standing() { return project::standing_of(project::open_approvals(project), subject()); }
};

ApprovalSubject some(ApprovalSubject::Kind kind) {
  return {kind, "some", "text\n"};
}

}  // namespace

TEST_CASE("what nobody has approved is new, and a repository without an id has approved nothing") {
  Place place;
  CHECK(project::open_approvals(place.project).repository_id().empty());
  const Standing standing = place.standing();
  CHECK(standing.state == Standing::State::New);
  CHECK_FALSE(standing.trusted());
  CHECK_FALSE(standing.approval.has_value());
  CHECK(project::difference(standing).empty());
}

TEST_CASE("what was approved is trusted until it changes, and the change can be shown") {
  Place place;
  project::approve(place.project, place.subject());
  CHECK_FALSE(project::open_approvals(place.project).repository_id().empty());
  CHECK(place.standing().trusted());
  CHECK(project::difference(place.standing()).empty());
  place.say("echo two");
  CHECK(place.standing().state == Standing::State::Changed);
  const std::string difference = project::difference(place.standing());
  CHECK(difference.find("echo one") != std::string::npos);
  CHECK(difference.find("echo two") != std::string::npos);
  place.say("echo one");
  CHECK(place.standing().trusted());
}

TEST_CASE("an approval counts for its own repository alone") {
  Place place;
  Place other;
  project::approve(place.project, place.subject());
  project::Opening opening = other.opening();
  opening.environment.set("HOME", place.home.path().string());
  project::Project same_user(std::move(opening));
  CHECK(project::standing_of(project::open_approvals(same_user), place.subject()).state ==
        Standing::State::New);
}

TEST_CASE("a refusal says what is wrong and what to type") {
  Place place;
  const auto before = error_of([&] { project::require_trust(place.project, place.subject()); });
  REQUIRE(before.has_value());
  CHECK(before->kind() == ErrorKind::Refused);
  CHECK(std::string(before->what()) == "'sprite' is not trusted: it has not been approved on this machine");
  CHECK(before->hint() == "look at it and approve it: git changeling trust sprite");
  project::approve(place.project, place.subject());
  CHECK_NOTHROW(project::require_trust(place.project, place.subject()));
  place.say("echo two");
  const auto after = error_of([&] { project::require_trust(place.project, place.subject()); });
  REQUIRE(after.has_value());
  CHECK(std::string(after->what()) == "'sprite' is not trusted: it has changed since it was approved");
}

TEST_CASE("the hint names roles and agents as trust takes them") {
  Standing standing;
  standing.subject = some(ApprovalSubject::Kind::Role);
  CHECK(project::not_trusted(standing).hint() == "look at it and approve it: git changeling trust role:some");
  standing.subject = some(ApprovalSubject::Kind::Agent);
  CHECK(project::not_trusted(standing).hint() ==
        "look at it and approve it: git changeling trust agent:some");
}

TEST_CASE("trust can be asked about changelings, roles and the file's agents") {
  Place place;
  place.write_definitions(
      "[changelings.sprite]\nrun = \"true\"\n[roles.reviewer]\nprompt = \"Review it.\"\n"
      "[agents.mine]\ncommand = [\"mine\"]\n");
  std::vector<std::string> labels;
  for (const ApprovalSubject& subject : project::approval_subjects(place.project))
    labels.push_back(subject.label());
  CHECK(labels == std::vector<std::string>{"sprite", "role:reviewer", "agent:mine"});
}

TEST_CASE("a role's approval ends when its agent becomes another one") {
  Place place;
  const std::string role = "[roles.reviewer]\nprompt = \"Review it.\"\nagent = \"mine\"\n";
  place.write_definitions(role + "[agents.mine]\ncommand = [\"mine\"]\n");
  const auto check = [&] {
    const project::RoleSet roles = project::RoleSet::load(place.project);
    const AgentType agent = roles.agent(roles.find("reviewer").role);
    project::check_trusted(place.project, roles, "reviewer", agent);
  };
  CHECK(error_of(check).has_value());
  project::approve(place.project, project::approval_subjects(place.project).at(0));
  CHECK_FALSE(error_of(check).has_value());
  place.write_definitions(role + "[agents.mine]\ncommand = [\"other\"]\n");
  CHECK(error_of(check).has_value());
}

TEST_CASE("an approval that others can write is refused, and in a list only not trusted") {
  Place place;
  project::approve(place.project, place.subject());
  for (const auto& file : std::filesystem::recursive_directory_iterator(place.home.path())) {
    if (file.path().filename() == "sprite.json")
      std::filesystem::permissions(file.path(), std::filesystem::perms(0666));
  }
  const auto error = error_of([&] { place.standing(); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::Refused);
  std::string warning;
  const Standing shown =
      project::standing_for_list(project::open_approvals(place.project), place.subject(), warning);
  CHECK_FALSE(shown.trusted());
  CHECK(shown.digest.size() == 64);
  CHECK(warning.find(error->what()) != std::string::npos);
}

TEST_CASE("each state has its word") {
  CHECK(to_string(Standing::State::Trusted) == "trusted");
  CHECK(to_string(Standing::State::New) == "new");
  CHECK(to_string(Standing::State::Changed) == "changed");
}
