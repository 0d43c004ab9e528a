#include "project/hook_installation.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../open_project.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

using namespace changeling;
using project::FileAudience;
using project::HookStanding;

namespace {

namespace fs = std::filesystem;

struct Place : testing::OpenProject {
  Place() {
    commit_definitions("[changelings.one]\nrun = \"true\"\non = [\"post-merge\", \"post-commit\"]\n");
    project.store().initialize();
  }
  fs::path hook(const std::string& event) const { return place.path() / ".git" / "hooks" / event; }
  /// As a team does that keeps its hooks in the repository.
  void use_folder_of_work_tree() const {
    fs::create_directories(place.path() / "hooks");
    place.git("config core.hooksPath hooks");
  }
  FileAudience audience_of_post_merge() {
    const auto installed = project::install_hooks(project, {"post-merge"});
    REQUIRE(installed.size() == 1);
    REQUIRE(installed[0].written.size() == 1);
    CHECK(fs::equivalent(installed[0].written[0].file, place.path() / "hooks" / "post-merge"));
    return installed[0].written[0].audience;
  }
  HookStanding standing(const std::string& event) {
    for (const HookStanding& one : project::hook_standings(project)) {
      if (one.event == event) return one;
    }
    FAIL("no standing of " << event);
    return {event};
  }
};

}  // namespace

TEST_CASE("hooks that changelings name are installed, once") {
  Place place;
  const auto installed = project::install_hooks(place.project, {});
  REQUIRE(installed.size() == 2);
  for (const auto& hook : installed) {
    CAPTURE(hook.place.event);
    CHECK(hook.changed);
    CHECK(hook.written.at(0).audience == FileAudience::NotOfTheWorkTree);
    CHECK(fs::exists(place.hook(hook.place.event)));
  }
  for (const auto& hook : project::install_hooks(place.project, {})) CHECK_FALSE(hook.changed);
}

TEST_CASE("a word that is no event stops everything before anything is written") {
  Place place;
  CHECK_THROWS_AS(project::install_hooks(place.project, {"post-merge", "post-lunch"}), Error);
  CHECK_FALSE(fs::exists(place.hook("post-merge")));
}

TEST_CASE("a hook in the work tree is told by whom it reaches") {
  Place place;
  place.use_folder_of_work_tree();
  SUBCASE("new") {
    CHECK(place.audience_of_post_merge() == FileAudience::New);
  }
  SUBCASE("ignored") {
    place.place.git("config core.excludesFile /dev/null");
    fs::create_directories(place.place.path() / ".git" / "info");
    write_file(place.place.path() / ".git" / "info" / "exclude", "hooks/\n");
    CHECK(place.audience_of_post_merge() == FileAudience::Ignored);
  }
  SUBCASE("tracked") {
    write_file(place.place.path() / "hooks" / "post-merge", "#!/bin/sh\n");
    place.place.git("add hooks");
    CHECK(place.audience_of_post_merge() == FileAudience::Tracked);
  }
}

TEST_CASE("what was there before is there again after uninstalling") {
  Place place;
  fs::create_directories(place.hook("x").parent_path());
  write_file(place.hook("post-merge"), "#!/bin/sh\necho own\n");
  project::install_hooks(place.project, {});
  const auto removed = project::uninstall_hooks(place.project);
  CHECK(removed.files.size() == 2);
  CHECK(read_file(place.hook("post-merge")) == "#!/bin/sh\necho own\n");
  CHECK_FALSE(fs::exists(place.hook("post-commit")));
  CHECK(project::uninstall_hooks(place.project).files.empty());
}

TEST_CASE("a hook is in need until it is installed, and again when core.hooksPath leads elsewhere") {
  Place place;
  CHECK(place.standing("post-merge").is_in_need());
  CHECK(place.standing("post-merge").changelings == std::vector<std::string>{"one"});
  project::install_hooks(place.project, {});
  CHECK_FALSE(place.standing("post-merge").is_in_need());

  place.use_folder_of_work_tree();
  const HookStanding after = place.standing("post-merge");
  CHECK(after.is_in_need());
  CHECK(after.health.state == hooks::HookState::Unreachable);
  CHECK(after.health.reason.find("core.hooksPath leads elsewhere") != std::string::npos);
}

TEST_CASE("a hook that nobody uses and that is not there is not told of") {
  Place place;
  for (const HookStanding& one : project::hook_standings(place.project)) CHECK(one.event != "post-rewrite");
}
