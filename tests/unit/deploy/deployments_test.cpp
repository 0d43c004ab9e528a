#include "deploy/deployments.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../open_project.hpp"
#include "project/trust.hpp"

using namespace changeling;
using namespace changeling::deploy;
using testing::error_of;
using Compared = DeploymentOverview::Definition;

namespace {

constexpr const char* sprite = "[changelings.sprite]\nrun = \"true\"\n";

struct Place : testing::OpenProject {
  Place() {
    project.store().initialize();
    write_definitions(sprite);
  }
  ApprovalSubject subject() {
    const auto set = project::DefinitionSet::load(project);
    return project::changeling_subject(set, set.resolve("sprite").definition);
  }
  store::DeploymentRecord deploy() {
    store::DeploymentRecord deployment;
    deployment.changeling = "sprite";
    deployment.digest = portable_digest(subject());
    deployment.workflow = ".github/workflows/changeling-sprite.yml";
    return note_deployment(project, deployment);
  }
  Compared compared() {
    const auto all = load_deployments(project);
    REQUIRE(all.size() == 1);
    return all.front().definition;
  }
};

}  // namespace

TEST_CASE("nothing is deployed at first") {
  Place place;
  CHECK(load_deployments(place.project).empty());
  const auto error = error_of([&] { find_deployment(place.project, "sprite"); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::NotFound);
  CHECK(error->hint().find("git changeling deploy sprite") != std::string::npos);
}

TEST_CASE("a deployment is noted with who did it, and forgotten again") {
  Place place;
  const store::DeploymentRecord noted = place.deploy();
  CHECK(noted.deployed_by == "Tester <tester@example.com>");
  CHECK(noted.deployed_at > Timestamp{});
  CHECK(find_deployment(place.project, "sprite").digest == noted.digest);
  forget_deployment(place.project, noted);
  CHECK(load_deployments(place.project).empty());
}

TEST_CASE("the same deployment is noted once, and another one anew") {
  Place place;
  const store::DeploymentRecord first = place.deploy();
  const auto commit = place.project.snapshot().commit();
  CHECK(place.deploy().deployed_at == first.deployed_at);
  CHECK(place.project.snapshot().commit() == commit);
  place.write_definitions("[changelings.sprite]\nrun = \"false\"\n");
  place.deploy();
  CHECK(place.project.snapshot().commit() != commit);
}

TEST_CASE("a deployment is current until its definition changes or goes") {
  Place place;
  place.deploy();
  CHECK(place.compared() == Compared::Current);
  place.write_definitions("[changelings.sprite]\nrun = \"false\"\n");
  CHECK(place.compared() == Compared::Changed);
  place.write_definitions(sprite);
  CHECK(place.compared() == Compared::Current);
  place.write_definitions("");
  CHECK(place.compared() == Compared::Gone);
}

TEST_CASE("what only this user's file says does not make a deployment another one") {
  Place place;
  place.deploy();
  place.write_user_file("[changelings.sprite]\nmax_turns = 4\n");
  CHECK(place.compared() == Compared::Current);
}

TEST_CASE("a definition that cannot run any more has changed") {
  Place place;
  place.deploy();
  place.write_definitions("[changelings.sprite]\ntemplate = \"nobody-knows\"\n");
  CHECK(place.compared() == Compared::Changed);
}

TEST_CASE("deployments are shown although the file has a mistake, which is said") {
  Place place;
  place.deploy();
  place.write_definitions("[changelings.sprite\n");
  CHECK(place.compared() == Compared::Changed);
  CHECK(place.was_told(".changelings.toml"));
}

TEST_CASE("a deployment that cannot be read is told, and the others are shown") {
  Place place;
  place.deploy();
  place.write_record("deployments/elf.json", "{");
  CHECK(place.compared() == Compared::Current);
  CHECK(place.was_told("warning: "));
}

TEST_CASE("each comparison has its word") {
  CHECK(to_string(Compared::Current) == "current");
  CHECK(to_string(Compared::Changed) == "changed");
  CHECK(to_string(Compared::Gone) == "gone");
}

TEST_CASE("only what was approved can be deployed, and it is exactly that") {
  Place place;
  const auto refused = error_of([&] { load_deployable(place.project, "sprite"); });
  REQUIRE(refused.has_value());
  CHECK(refused->kind() == ErrorKind::Refused);
  project::approve(place.project, place.subject());
  const Deployable deployable = load_deployable(place.project, "sprite");
  CHECK(deployable.digest == portable_digest(place.subject()));
  CHECK(deployable.definition.command == "true");
  CHECK(deployable.agent.name == "command");
  CHECK(deployable.in_file);
}

TEST_CASE("what depends on this user's own settings is not deployed, and they are named") {
  Place place;
  place.write_user_file("[changelings.sprite]\nmax_turns = 4\n");
  project::approve(place.project, place.subject());
  const auto refused = error_of([&] { load_deployable(place.project, "sprite"); });
  REQUIRE(refused.has_value());
  CHECK(refused->kind() == ErrorKind::Refused);
  CHECK(std::string(refused->what()).ends_with(": max_turns"));
}

TEST_CASE("an app on Modal is called after the remote, which is the same for every clone") {
  Place place;
  CHECK(written_remote_url(place.project).empty());
  const std::string by_folder = modal_app_of(place.project, "sprite");
  CHECK(by_folder.find("repository") != std::string::npos);
  place.place.git("remote add origin git@example.com:team/wonder.git");
  project::Project with_remote(place.opening());
  CHECK(written_remote_url(with_remote) == "git@example.com:team/wonder.git");
  CHECK(modal_app_of(with_remote, "sprite").find("wonder") != std::string::npos);
}

TEST_CASE("the remote is told as it was written, without what this machine puts in its place") {
  Place place;
  place.place.git("remote add origin short:wonder");
  place.place.git("config url.https://example.com/.insteadOf short:");
  project::Project with_remote(place.opening());
  CHECK(written_remote_url(with_remote) == "short:wonder");
}
