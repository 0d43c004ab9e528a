#include "git/work_tree.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"
#include "work_tree_fixture.hpp"

using namespace changeling;
using changeling::testing::WorkTreeFixture;

namespace {

namespace fs = std::filesystem;

struct Fixture : WorkTreeFixture {
  Fixture() { commit("folder/file", "1\n"); }
  std::optional<git::WorkTree> opened(const fs::path& start) {
    return git::opened_work_tree(processes, environment, start);
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the work tree is the one that git uses") {
  SUBCASE("from a folder in it") {
    const auto tree = opened(home.path() / "folder").value();
    CHECK(tree.folder == home.path());
    CHECK(tree.git_directory == common_directory);
  }
  SUBCASE("with the git directory elsewhere") {
    git("init -q --separate-git-dir " + (folder.path() / "store.git").string());
    const auto tree = opened(home.path()).value();
    CHECK(tree.folder == home.path());
    CHECK(tree.git_directory == folder.path() / "store.git");
  }
  SUBCASE("with a symbolic link for .git") {
    fs::rename(common_directory, folder.path() / "store");
    fs::create_directory_symlink(folder.path() / "store", common_directory);
    const auto tree = opened(home.path() / "folder").value();
    CHECK(tree.folder == home.path());
    CHECK(tree.git_directory == folder.path() / "store");
  }
  SUBCASE("named by variables") {
    environment.set("GIT_DIR", common_directory.string());
    environment.set("GIT_WORK_TREE", folder.path().string());
    CHECK(opened(folder.path()).value().folder == folder.path());
  }
  SUBCASE("named by core.worktree") {
    git("config core.worktree " + folder.path().string());
    CHECK(opened(common_directory).value().folder == folder.path());
  }
  SUBCASE("a linked one") {
    git("worktree add -q -b side " + (folder.path() / "side").string());
    const auto tree = opened(folder.path() / "side").value();
    CHECK(tree.folder == folder.path() / "side");
    CHECK(tree.git_directory == common_directory / "worktrees" / "side");
  }
  SUBCASE("none in a git directory") {
    CHECK_FALSE(opened(common_directory));
  }
  SUBCASE("no repository at all") {
    CHECK_THROWS_AS(opened(folder.path()), Error);
  }
}

TEST_CASE_FIXTURE(Fixture, "linked work trees are listed with what they are on") {
  git("worktree add -q -b side " + (folder.path() / "side").string());
  git("worktree add -q --detach '" + (folder.path() / "two words").string() + "'");
  git("worktree lock --reason 'on a stick' " + (folder.path() / "side").string());
  const auto check = [&](const git::GitProgram& used) {
    const auto trees = git::linked_work_trees(used, common_directory);
    REQUIRE(trees.size() == 2);
    CHECK(trees[0].folder == folder.path() / "side");
    CHECK(trees[0].reference == "refs/heads/side");
    CHECK(trees[0].locked);
    CHECK(trees[1].folder == folder.path() / "two words");
    CHECK(trees[1].reference.empty());
    CHECK_FALSE(trees[1].locked);
  };
  check(program);
  // git before 2.36.
  check(instead_of_git(R"(for word; do [ "$word" = -z ] && exit 129; done; exec "$git" "$@")"));
}
