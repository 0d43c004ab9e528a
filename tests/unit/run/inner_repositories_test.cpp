#include "run/inner_repositories.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"
#include "run/submodule_pointers.hpp"
#include "run/workspace.hpp"

using namespace changeling;
using changeling::run::InnerRepositories;
using changeling::run::Workspace;
using changeling::testing::RunFixture;
namespace fs = std::filesystem;

namespace {

struct InnerFixture : RunFixture {
  InnerFixture()
      : workspace(Workspace::create(services(), "abcdefgh", "changelings/sprite/abcdefgh", main(), "main",
                                    main())) {
    workspace.write_excludes({});
  }
  std::string in_worktree(const std::string& line) const { return shell(workspace.path(), line); }
  std::string kept_references() const {
    return shell(home.path(),
                 "git for-each-ref --format='%(refname) %(contents:subject)' refs/changelings/kept");
  }

  Workspace workspace;
};

}  // namespace

TEST_CASE_FIXTURE(InnerFixture, "what only a repository inside has is kept, once") {
  in_worktree(
      "git init -q 'a b/own' && cd 'a b/own' && echo 1 >x && git add x && git commit -qm one && "
      "git branch side && git checkout -q --detach && git commit -q --allow-empty -m two");
  CHECK(workspace.remove(workspace.head())->find("which is nowhere else") != std::string::npos);
  const auto kept = workspace.keep_inner_commits();
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].path == "a b/own");
  CHECK(kept_references() ==
        "refs/changelings/kept/abcdefgh/a-b-own-head two\n"
        "refs/changelings/kept/abcdefgh/a-b-own-master one");
  CHECK(workspace.keep_inner_commits().size() == 2);
  CHECK(run::describe(kept).find("a-b-own-head in " + (home.path() / ".git").string()) != std::string::npos);
  CHECK(workspace.remove(workspace.head()) == std::nullopt);
  CHECK(home.is_sound());
}

TEST_CASE_FIXTURE(InnerFixture, "commits of a repository in an ignored folder count, its files do not") {
  in_worktree(
      "echo /build/ >.gitignore && git add . && git commit -qm ignore && git init -q build/own && cd "
      "build/own && "
      "echo 1 >x && git add x && git commit -qm one && echo 2 >y");
  workspace.collect();
  CHECK(workspace.keep_inner_commits().size() == 1);
  CHECK(workspace.remove(workspace.head()) == std::nullopt);
}

TEST_CASE_FIXTURE(InnerFixture, "uncommitted work in a repository inside keeps the worktree") {
  SUBCASE("not committed at all") {
    in_worktree("git init -q own && touch own/x");
  }
  SUBCASE("changed in a clone") {
    shell(user.path(),
          "git clone -q " + home.path().string() + " '" + (workspace.path() / "own").string() + "'");
    in_worktree("echo 2 >own/file.txt");
  }
  SUBCASE("in one inside another") {
    in_worktree("git init -q own && git init -q own/deep && touch own/deep/x");
  }
  workspace.keep_inner_commits();
  CHECK(workspace.remove(workspace.head())->find("holds uncommitted changes of the repository own") !=
        std::string::npos);
  CHECK(fs::exists(workspace.path()));
}

TEST_CASE_FIXTURE(InnerFixture, "files without a commit in submodules are named, at any depth") {
  const std::string add = "git -c protocol.file.allow=always submodule --quiet add ";
  shell(user.path(),
        "for name in part library; do git init -q $name && cd $name && echo 1 >x && git add x && git commit "
        "-qm "
        "x && cd ..; done; cd library && " +
            add + "../part part && git commit -qm part");
  in_worktree(add + (user.path() / "library").string() +
              " library && git -c protocol.file.allow=always submodule --quiet update --init --recursive && "
              "git commit -qm library");
  workspace.collect();
  CHECK(workspace.uncommitted_in_submodules().empty());
  in_worktree("echo 2 >file.txt; git init -q own && touch own/x; echo 2 >library/x; touch library/part/new");
  using run::UncommittedFile;
  CHECK(workspace.uncommitted_in_submodules() ==
        std::vector<UncommittedFile>{{"library", " M x"}, {"library/part", "?? new"}});
}

TEST_CASE_FIXTURE(InnerFixture,
                  "a clone without work of its own does not keep the worktree, also a shallow one") {
  shell(home.path(), "git tag unmerged $(git commit-tree -m x HEAD^{tree})");
  const std::string from = "file://" + home.path().string();
  SUBCASE("whole") {
    in_worktree("git clone -q " + from + " own");
  }
  SUBCASE("shallow") {
    in_worktree("git clone -q --depth 1 " + from + " own");
  }
  SUBCASE("a commit fetched by its name") {
    in_worktree("git init -q own && cd own && git fetch -q --depth 1 " + from + " " + main().hex() +
                " && git checkout -q FETCH_HEAD");
  }
  CHECK(workspace.keep_inner_commits().empty());
  CHECK(workspace.remove(workspace.head()) == std::nullopt);
}

TEST_CASE_FIXTURE(InnerFixture,
                  "work on a shallow clone is not mixed into the user's, and stays where it is") {
  shell(home.path(), "git commit -q --allow-empty -m two");
  in_worktree("git clone -q --depth 1 file://" + home.path().string() +
              " own && cd own && git remote remove origin && git commit -q --allow-empty -m mine");
  workspace.keep_inner_commits();
  CHECK_FALSE(fs::exists(home.path() / ".git/shallow"));
  const auto stays = workspace.remove(workspace.head());
  CHECK(stays.has_value() == kept_references().empty());
}

TEST_CASE_FIXTURE(InnerFixture, "HEAD of a worktree that the agent added is kept") {
  in_worktree("git worktree add -q --detach own && cd own && git commit -q --allow-empty -m detached");
  CHECK(workspace.keep_inner_commits().size() == 1);
  CHECK(kept_references() == "refs/changelings/kept/abcdefgh/own-head detached");
  CHECK(workspace.remove(workspace.head()) == std::nullopt);
}

TEST_CASE_FIXTURE(InnerFixture, "a repository in the place of the worktree's own is kept") {
  in_worktree("rm -rf .git && git init -q . && git add . && git commit -qm own");
  CHECK(workspace.keep_inner_commits().size() == 1);
  CHECK(kept_references().ends_with(" own"));
}

TEST_CASE("a diff tells which submodules are new or point elsewhere") {
  const std::string one(40, '1');
  const std::string two(40, '2');
  const std::string none(40, '0');
  const auto entry = [](const std::string& modes, const std::string& objects, const std::string& path) {
    return modes + " " + objects + " M" + '\0' + path + '\0';
  };
  const auto changed = run::SubmodulePointers::changed(
      entry(":160000 160000", one + " " + two, "moved") + entry(":000000 160000", none + " " + one, "new") +
      entry(":160000 000000", one + " " + none, "gone") + entry(":100644 100755", one + " " + one, "file"));
  REQUIRE(changed.size() == 2);
  CHECK(changed[0].path == "moved");
  CHECK(changed[0].before->hex() == one);
  CHECK(changed[1].path == "new");
  CHECK_FALSE(changed[1].before);
}
