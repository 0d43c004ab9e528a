#include "deploy/modal_deployment.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../error_of.hpp"
#include "../open_project.hpp"
#include "../temporary_folder.hpp"
#include "deploy/deployments.hpp"
#include "project/trust.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

using namespace changeling;
using namespace changeling::deploy;
using testing::error_of;

namespace {

/// Notes what it is called with, and refuses to deploy while a file says so.
constexpr const char* modal_program = R"(#!/bin/sh
here=$(dirname "$0")
echo "$*" >>"$here/calls"
case "$1 $2" in
"app list") echo '[{"Description": "changeling-project-sprite", "State": "deployed"}]' ;;
esac
test "$1" != deploy || test ! -e "$here/refuses"
)";

struct Place : testing::OpenProject {
  Place() {
    place.git("remote add origin https://github.com/example/project.git");
    project.store().initialize();
    write_definitions("[changelings.sprite]\nrun = \"true\"\n");
    const auto set = project::DefinitionSet::load(project);
    project::approve(project, project::changeling_subject(set, set.resolve("sprite").definition));
    programs.write_script("modal", modal_program);
    project::Opening with_modal = opening();
    with_modal.environment.set("PATH", programs.path().string() + ":" + std::getenv("PATH"));
    with_modal.environment.set("MODAL_TOKEN_ID", "id");
    with_modal.environment.set("MODAL_TOKEN_SECRET", "secret");
    user.emplace(std::move(with_modal));
    user->repository();
  }
  ModalDeployment deploy(bool dry_run = false) {
    DeployOrder order{"sprite"};
    order.dry_run = dry_run;
    order.source = "https://github.com/example/git-changeling@" + std::string(40, 'a');
    return deploy_to_modal(*user, order);
  }
  std::string calls() const { return read_file_if_exists(programs.path() / "calls").value_or(""); }

  test::TemporaryFolder programs;
  std::optional<project::Project> user;
};

}  // namespace

TEST_CASE("an app is given to Modal and noted") {
  Place place;
  const ModalDeployment deployment = place.deploy();
  REQUIRE(deployment.record);
  CHECK(deployment.record->app == deployment.settings.app);
  CHECK(read_file(deployment.file) == deployment.content);
  CHECK(place.calls().find("deploy " + deployment.file.string()) != std::string::npos);
}

TEST_CASE("a dry run calls and writes nothing") {
  Place place;
  const ModalDeployment deployment = place.deploy(true);
  CHECK_FALSE(deployment.record);
  CHECK_FALSE(std::filesystem::exists(deployment.file));
  CHECK(place.calls().empty());
}

TEST_CASE("what Modal refuses leaves the file as it was, and says how secrets are made") {
  Place place;
  place.programs.write("refuses", "");
  const auto file = place.deploy(true).file;
  const auto error = error_of([&] { place.deploy(); });
  REQUIRE(error);
  CHECK(error->hint().find("modal secret create") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(file));
  CHECK(load_deployments(*place.user).empty());

  write_file(file, "# what Modal has\n");
  CHECK(error_of([&] { place.deploy(); }));
  CHECK(read_file(file) == "# what Modal has\n");
}

TEST_CASE("a record that names another app stops nobody else's") {
  Place place;
  store::DeploymentRecord forged = *place.deploy().record;
  forged.app = "somebody-elses";
  const auto error = error_of([&] { undeploy_from_modal(*place.user, forged, false); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::Conflict);
  undeploy_from_modal(*place.user, forged, true);
  CHECK(place.calls().find("app stop") == std::string::npos);
  CHECK(load_deployments(*place.user).empty());
}
