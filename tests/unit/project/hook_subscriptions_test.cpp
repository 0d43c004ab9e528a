#include "project/hook_subscriptions.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../open_project.hpp"

using namespace changeling;
using hooks::Subscriptions;

namespace {

constexpr const char* definitions =
    "[changelings.one]\nrun = \"true\"\non = [\"post-merge\", \"post-commit\"]\n"
    "[changelings.two]\nrun = \"true\"\non = [\"post-merge\"]\n"
    "[changelings.off]\nrun = \"true\"\non = [\"post-rewrite\"]\nenabled = false\n";

struct Place : testing::OpenProject {
  Place() {
    commit_definitions(definitions);
    project.store().initialize();
  }
  std::filesystem::path marker(const std::string& event) {
    return project::hook_journal(project).folder() / event;
  }
};

Definition on(const std::vector<std::string>& events) {
  Definition definition;
  definition.triggers = events;
  return definition;
}

}  // namespace

TEST_CASE("an event starts the enabled changelings of the base branch that name it") {
  Place place;
  place.write_definitions("[changelings.three]\nrun = \"true\"\non = [\"post-merge\"]\n");
  CHECK(project::read_hook_subscriptions(place.project) ==
        Subscriptions{{"post-commit", {"one"}}, {"post-merge", {"one", "two"}}});
}

TEST_CASE("what only the state says counts as well, and what cannot be resolved subscribes to nothing") {
  Place place;
  place.write_record("changelings/two.toml", "enabled = false\n");
  place.write_record("changelings/four.toml", "run = \"true\"\non = [\"post-checkout\"]\n");
  place.write_record("changelings/five.toml", "template = \"nobody-knows\"\non = [\"post-merge\"]\n");
  CHECK(project::read_hook_subscriptions(place.project) ==
        Subscriptions{{"post-checkout", {"four"}}, {"post-commit", {"one"}}, {"post-merge", {"one"}}});
}

TEST_CASE("in a bare repository only what happens there counts") {
  testing::OpenProject place;
  place.place.git("config core.bare true");
  project::Project bare({place.environment(), {(place.place.path() / ".git").string()}});
  REQUIRE(bare.repository().is_bare());
  bare.store().initialize();
  bare.store().update({"write", "test", {}}, [](const store::Snapshot&, store::Change& change) {
    change.write("changelings/x.toml", "run = \"true\"\non = [\"post-merge\", \"post-receive\"]\n");
  });
  CHECK(project::read_hook_subscriptions(bare) == Subscriptions{{"post-receive", {"x"}}});
}

TEST_CASE("where no hooks are installed nothing is kept for them") {
  Place place;
  project::refresh_hook_subscriptions(place.project);
  CHECK_FALSE(std::filesystem::exists(place.marker("post-merge")));
}

TEST_CASE("the files of hooks follow the definitions once hooks are installed") {
  Place place;
  std::filesystem::create_directories(project::hook_journal(place.project).folder());
  project::refresh_hook_subscriptions(place.project);
  CHECK(std::filesystem::exists(place.marker("post-merge")));
  CHECK_FALSE(std::filesystem::exists(place.marker("post-rewrite")));
  place.write_record("changelings/one.toml", "enabled = false\n");
  project::refresh_hook_subscriptions(place.project);
  CHECK(std::filesystem::exists(place.marker("post-merge")));
  CHECK_FALSE(std::filesystem::exists(place.marker("post-commit")));
}

TEST_CASE("a mistake in the file fails nothing, and hooks go on with what they knew") {
  Place place;
  std::filesystem::create_directories(project::hook_journal(place.project).folder());
  project::refresh_hook_subscriptions(place.project);
  place.commit_definitions("[changelings.one\n");
  CHECK_NOTHROW(project::refresh_hook_subscriptions(place.project));
  CHECK(place.was_told("hooks do not know about this yet"));
  CHECK(std::filesystem::exists(place.marker("post-merge")));
}

TEST_CASE("hooks are missing for the events of an enabled changeling that git does not tell us of") {
  Place place;
  CHECK(project::hooks_to_install(place.project, on({"post-merge", "webhook:x"})) ==
        std::set<std::string>{"post-merge"});
  Definition disabled = on({"post-merge"});
  disabled.enabled = false;
  CHECK(project::hooks_to_install(place.project, disabled).empty());
  CHECK(project::hooks_to_install(place.project, on({})).empty());
}

TEST_CASE("what to type next names the missing events") {
  CHECK(project::next_for_hooks({}).empty());
  CHECK(project::next_for_hooks({"post-merge", "post-commit"}) ==
        "next: git changeling hooks install  (git does not tell us of post-commit, post-merge yet)");
}

TEST_CASE("a hook in the repository's configuration is written once, and removed with all of it") {
  Place place;
  CHECK(project::configure_hook(place.project, "post-merge"));
  project::Project again(place.opening());
  CHECK_FALSE(project::configure_hook(again, "post-merge"));
  CHECK(again.repository().config("hook.git-changeling-post-merge.event") == "post-merge");
  CHECK(project::unconfigure_hook(again, "post-merge"));
  CHECK_FALSE(project::unconfigure_hook(again, "post-merge"));
  project::Project after(place.opening());
  CHECK_FALSE(after.repository().config("hook.git-changeling-post-merge.command").has_value());
}
