#include "run/work.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::run::KeptWork;
using changeling::run::Workspace;
using changeling::testing::RunFixture;

namespace {

const std::string branch = "changelings/sprite/abcdefgh";
const std::string reference = "refs/heads/" + branch;

struct WorkFixture : RunFixture {
  WorkFixture() : workspace(Workspace::create(services(), "abcdefgh", branch, main(), "main", main())) {
    workspace.write_excludes({});
  }
  KeptWork keep(const std::string& summary = "") const {
    return run::keep_work(services(), workspace, "sprite", "abcdefgh", main(), summary);
  }
  git::ObjectId agents_head() const {
    return git::ObjectId::from_hex(shell(workspace.path(), "git rev-parse HEAD"));
  }
  std::optional<git::ObjectId> at(const std::string& name) const { return open->repository.resolve(name); }

  Workspace workspace;
};

}  // namespace

TEST_CASE_FIXTURE(WorkFixture, "leftovers become a commit that says where it comes from") {
  write(workspace.path() / "new.txt", "x");
  const KeptWork work = keep("docs: a better word");
  CHECK(work.problem == std::nullopt);
  CHECK(at(reference) == work.head);
  const auto commit = open->repository.commit(*work.head);
  CHECK(commit.subject() == "docs: a better word");
  CHECK(commit.trailer("Changeling") == "sprite");
  CHECK(commit.trailer("Changeling-Run") == "abcdefgh");
  CHECK(workspace.remove(work.head) == std::nullopt);
}

TEST_CASE_FIXTURE(WorkFixture, "the agent's own commits stay as they are") {
  shell(workspace.path(), "git commit -q --allow-empty -m mine");
  const auto own = agents_head();
  const KeptWork work = keep();
  CHECK(work.head == own);
  CHECK(at(reference) == own);
}

TEST_CASE_FIXTURE(WorkFixture, "work is on the run's branch wherever the agent left HEAD") {
  SUBCASE("detached") {
    shell(workspace.path(), "git checkout -q --detach && echo 2 >file.txt && git commit -qam two");
  }
  SUBCASE("on another branch") {
    shell(workspace.path(), "git checkout -q -b mine && echo 2 >file.txt && git commit -qam two");
  }
  SUBCASE("the run's branch deleted") {
    shell(workspace.path(), "git checkout -q -b mine && git branch -qD " + branch + " && echo 2 >file.txt");
  }
  SUBCASE("the run's branch renamed") {
    shell(workspace.path(), "git branch -m mine && echo 2 >file.txt");
  }
  const KeptWork work = keep();
  CHECK(work.problem == std::nullopt);
  REQUIRE(work.head);
  CHECK(at(reference) == work.head);
  CHECK(shell(home.path(), "git show " + branch + ":file.txt") == "2");
  CHECK_FALSE(at(reference + "-left-behind"));
  CHECK(workspace.remove(work.head) == std::nullopt);
}

TEST_CASE_FIXTURE(WorkFixture, "commits that the agent left behind on the run's branch are not lost") {
  shell(workspace.path(), "git commit -q --allow-empty -m first-try");
  const auto first = agents_head();
  shell(workspace.path(), "git checkout -q -b mine main && echo 2 >file.txt && git commit -qam two");
  const KeptWork work = keep();
  CHECK(work.problem == std::nullopt);
  CHECK(at(reference) == work.head);
  CHECK(at(reference + "-left-behind") == first);
  // Doing it again, as recovery may, changes nothing.
  CHECK(keep().head == work.head);
  CHECK(at(reference + "-left-behind") == first);
}

TEST_CASE_FIXTURE(WorkFixture, "an unfinished rebase is a problem and loses neither side") {
  shell(workspace.path(), "echo a >file.txt && git commit -qam a");
  const auto tip = agents_head();
  shell(workspace.path(),
        "git checkout -q -b other main && echo b >file.txt && git commit -qam b && git checkout -q -");
  CHECK_THROWS(shell(workspace.path(), "git rebase -q other"));
  const KeptWork work = keep();
  CHECK(work.problem == "the agent left a rebase unfinished");
  REQUIRE(work.head);
  CHECK(at(reference) == work.head);
  CHECK(at(reference + "-left-behind") == tip);
  CHECK(workspace.remove(work.head) == std::nullopt);
}

TEST_CASE_FIXTURE(WorkFixture, "history that does not contain the start is kept and is a problem") {
  SUBCASE("an orphan branch") {
    shell(workspace.path(), "git checkout -q --orphan mine && git commit -qm orphan");
  }
  SUBCASE("an amended start") {
    shell(workspace.path(), "git commit -q --amend -m rewritten");
  }
  const KeptWork work = keep();
  CHECK(work.problem == "the agent rewrote history that is not its own");
  REQUIRE(work.head);
  CHECK(at(reference) == work.head);
}

TEST_CASE_FIXTURE(WorkFixture, "a branch that somebody else removed below the agent is brought back") {
  shell(workspace.path(), "echo 2 >file.txt && git commit -qam two");
  const auto own = agents_head();
  home.git("update-ref -d " + reference);
  SUBCASE("with its commits") {
    const KeptWork work = keep();
    CHECK(work.problem == std::nullopt);
    CHECK(work.head == own);
    CHECK(at(reference) == own);
  }
  SUBCASE("with what is left in the files") {
    write(workspace.path() / "new.txt", "x");
    const KeptWork work = keep();
    CHECK(work.problem == std::nullopt);
    REQUIRE(work.head);
    CHECK(open->repository.commit(*work.head).parents == std::vector{own});
  }
}

TEST_CASE_FIXTURE(WorkFixture, "a worktree that git does not know any more keeps its files") {
  write(workspace.path() / "new.txt", "x");
  std::filesystem::remove_all(services().places.run("abcdefgh").git());
  const KeptWork work = keep();
  CHECK(work.problem);
  CHECK_FALSE(work.head);
  CHECK(workspace.remove(work.head));
  CHECK(read_file(workspace.path() / "new.txt") == "x");
}

TEST_CASE_FIXTURE(WorkFixture, "a branch without work is dropped, one with work is not") {
  CHECK_FALSE(run::drop_branch_without_work(services(), "missing", main()));
  CHECK(run::drop_branch_without_work(services(), branch, std::nullopt));
  CHECK(at(reference));
  shell(workspace.path(), "git checkout -q --detach");
  SUBCASE("nothing in it") {
    CHECK_FALSE(run::drop_branch_without_work(services(), branch, main()));
    CHECK_FALSE(at(reference));
  }
  SUBCASE("a commit") {
    shell(workspace.path(), "git checkout -q - && git commit -q --allow-empty -m x");
    keep();
    CHECK(run::drop_branch_without_work(services(), branch, main()));
    CHECK(at(reference));
  }
}

TEST_CASE_FIXTURE(WorkFixture,
                  "an agent that removed its worktree is a problem, and has taken its commits along") {
  shell(workspace.path(), "git commit -q --allow-empty -m mine");
  std::filesystem::remove_all(workspace.path());
  const KeptWork work = keep();
  CHECK(work.problem == "the agent removed its worktree");
  CHECK(work.head == main());
  CHECK(workspace.remove(work.head) == std::nullopt);
}
