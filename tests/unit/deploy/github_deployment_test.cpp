#include "deploy/github_deployment.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../error_of.hpp"
#include "../open_project.hpp"
#include "deploy/deployments.hpp"
#include "project/trust.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

using namespace changeling;
using namespace changeling::deploy;
using testing::error_of;

namespace {

constexpr const char* path = ".github/workflows/changeling-sprite.yml";

/// With an approved changeling in `.changelings.toml`, which is not committed.
struct Place : testing::OpenProject {
  Place() {
    project.store().initialize();
    write_definitions("[changelings.sprite]\nrun = \"true\"\nschedule = \"0 3 * * *\"\n");
    const auto set = project::DefinitionSet::load(project);
    project::approve(project, project::changeling_subject(set, set.resolve("sprite").definition));
  }
  std::filesystem::path workflow() const { return place.path() / path; }
  GithubDeployment deploy(bool dry_run = false, bool force = false) {
    DeployOrder order{"sprite"};
    order.dry_run = dry_run;
    order.force = force;
    return deploy_to_github(project, order);
  }
  GithubUndeployment undeploy(bool force = false) {
    return undeploy_from_github(project, find_deployment(project, "sprite"), force);
  }
};

}  // namespace

TEST_CASE("a deployment writes its file, says what to commit, and is noted") {
  Place place;
  const GithubDeployment deployment = place.deploy();
  CHECK(deployment.is_written());
  CHECK(deployment.workflow == path);
  CHECK(deployment.to_commit == std::vector<std::string>{path, ".changelings.toml"});
  CHECK(read_file(place.workflow()).find("schedule:") != std::string::npos);
  CHECK(find_deployment(place.project, "sprite").digest == deployment.settings.digest);
  CHECK_FALSE(place.deploy().is_written());
}

TEST_CASE("files that git-lfs keeps are fetched for the agent alone, where there are any") {
  Place place;
  const std::string fetched = "lfs: true";
  CHECK(place.deploy(true).content.find(fetched) == std::string::npos);
  write_file(place.place.path() / "art/.gitattributes", "*.bin filter=lfs\n");
  place.place.git("add --all");
  place.place.git("commit -q -m attributes");
  const std::string workflow = place.deploy(true).content;
  const auto found = workflow.find(fetched);
  REQUIRE(found != std::string::npos);
  CHECK(workflow.find("\n  work:") < found);
  CHECK(found < workflow.find("\n  publish:"));
  CHECK(workflow.find(fetched, found + 1) == std::string::npos);
}

TEST_CASE("a dry run writes and notes nothing") {
  Place place;
  const GithubDeployment deployment = place.deploy(true);
  CHECK_FALSE(deployment.record);
  CHECK(deployment.content.find("schedule:") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(place.workflow()));
  CHECK(load_deployments(place.project).empty());
}

TEST_CASE("a file that was edited is replaced and removed only with force") {
  Place place;
  place.deploy();
  write_file(place.workflow(), read_file(place.workflow()) + "# mine\n");
  CHECK(error_of([&] { place.deploy(); })->kind() == ErrorKind::Conflict);
  CHECK(error_of([&] { place.undeploy(); })->kind() == ErrorKind::Conflict);
  CHECK(find_deployment(place.project, "sprite").workflow == path);
  CHECK(place.undeploy(true).removed == Existing::Edited);
  CHECK_FALSE(std::filesystem::exists(place.workflow()));
  CHECK(load_deployments(place.project).empty());
}

TEST_CASE("what was committed has to be taken from the default branch, too") {
  Place place;
  place.deploy();
  place.place.git("add --all");
  place.place.git("commit -q -m deployed");
  const GithubUndeployment undeployed = place.undeploy();
  CHECK(undeployed.was_committed);
  CHECK(undeployed.workflow == path);
}

TEST_CASE("a record's own word for the file counts for nothing") {
  Place place;
  const auto readme = place.place.path() / "README.md";
  write_file(readme, "keep\n");
  store::DeploymentRecord forged = *place.deploy().record;
  forged.workflow = "README.md";
  undeploy_from_github(place.project, forged, true);
  CHECK(read_file(readme) == "keep\n");
  CHECK_FALSE(std::filesystem::exists(place.workflow()));
}
