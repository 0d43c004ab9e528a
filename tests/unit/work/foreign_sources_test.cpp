#include "work/foreign_sources.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::work;
using changeling::test::TemporaryFolder;

namespace {

struct Place {
  Place() {
    environment.set("PATH", std::string(CHANGELING_TEST_FAKES) + ":/usr/bin:/bin");
    environment.set("HOME", folder.path().string());
    environment.set("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.set("GIT_CONFIG_NOSYSTEM", "1");
    environment.set("GITHUB_TOKEN", "ghp_token");
    git({"init", "--quiet"});
  }
  void git(std::vector<std::string> words) {
    words.insert(words.begin(), "git");
    Command command;
    command.arguments = std::move(words);
    command.working_directory = folder.path();
    command.environment = environment;
    command.session = Session::Own;
    REQUIRE(SystemProcessRunner().run(command).status.success());
  }
  project::Opening opening() const { return {environment, {folder.path().string()}}; }

  TemporaryFolder folder;
  Environment environment;
};

}  // namespace

TEST_CASE("the beads source works in the work tree, with the configured label") {
  Place place;
  place.folder.write(
      ".beads/issues.json",
      R"({"issues":[{"id":"proj-1","status":"open","title":"T","priority":1,"labels":["for/builder"]}]})");
  place.git({"config", "changeling.roleLabel", "for/{role}"});
  project::Project project(place.opening());
  const auto source = make_beads_source(project, {});
  CHECK(source->name() == "beads");
  const auto claimed = source->claim({"builder", {}}, "w1");
  REQUIRE(std::holds_alternative<work::SourcedClaim>(claimed));
  CHECK(std::get<work::SourcedClaim>(claimed).task.source == "beads:proj-1");
  CHECK(std::filesystem::exists(place.folder.path() / ".git/changelings/beads-locks/proj-1"));
}

TEST_CASE("a label that would be the same for all roles is refused") {
  Place place;
  place.git({"config", "changeling.roleLabel", "robots"});
  project::Project project(place.opening());
  CHECK_THROWS_WITH_AS(make_beads_source(project, {}), "changeling.roleLabel: 'robots' has no {role}", Error);
}

TEST_CASE("the GitHub source wants a remote on GitHub, wherever pull requests are kept") {
  Place place;
  place.git({"config", "changeling.forge", "local"});
  project::Project without(place.opening());
  CHECK_THROWS_AS(make_github_source(without, {}), Error);
  place.git({"remote", "add", "origin", "https://github.com/acme/widgets.git"});
  project::Project with(place.opening());
  const auto source = make_github_source(with, {});
  CHECK(source->name() == "github");
  CHECK_THROWS_AS(source->claim({}, "w1"), Error);
}
