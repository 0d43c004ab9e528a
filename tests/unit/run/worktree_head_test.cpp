#include "run/worktree_head.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "fixture.hpp"

using namespace changeling;
using changeling::testing::RunFixture;

namespace {

/// A worktree made by git, on the branch "work".
struct HeadFixture : RunFixture {
  HeadFixture() { in_home("git worktree add -q -b work " + place.string()); }

  std::string in_home(const std::string& line) const { return shell(home.path(), line); }
  std::string in_worktree(const std::string& line) const { return shell(place, line); }
  std::optional<run::WorktreeHead> read() const {
    return run::read_worktree_head(open->repository, administration);
  }
  /// Whether what was read is what git says.
  bool is_as_git_says() const {
    const auto head = read();
    return head && head->branch == in_worktree("git symbolic-ref --quiet HEAD || true") &&
           (head->commit ? head->commit->hex() : "") ==
               in_worktree("git rev-parse --quiet --verify HEAD || true");
  }

  std::filesystem::path place = user.path() / "place";
  std::filesystem::path administration = home.path() / ".git/worktrees/place";
};

}  // namespace

TEST_CASE_FIXTURE(HeadFixture, "HEAD of a worktree is read as git tells it") {
  CHECK(is_as_git_says());
  SUBCASE("after a commit") {
    in_worktree("git commit -q --allow-empty -m more");
  }
  SUBCASE("with packed references") {
    in_worktree("git pack-refs --all");
  }
  SUBCASE("detached") {
    in_worktree("git checkout -q --detach");
  }
  SUBCASE("on another branch") {
    in_worktree("git switch -q -c other/branch");
  }
  SUBCASE("on a branch without a commit") {
    in_worktree("git checkout -q --orphan empty");
  }
  CHECK(is_as_git_says());
}

TEST_CASE_FIXTURE(HeadFixture, "what git alone can tell is left to git") {
  SUBCASE("a branch that is another one") {
    in_home("git symbolic-ref refs/heads/work refs/heads/main");
  }
  SUBCASE("HEAD outside of the branches") {
    in_home("git update-ref refs/elsewhere HEAD");
    write(administration / "HEAD", "ref: refs/elsewhere\n");
  }
  SUBCASE("damaged") {
    write(administration / "HEAD", "abc\n");
  }
  SUBCASE("gone") {
    std::filesystem::remove(administration / "HEAD");
  }
  SUBCASE("a link") {
    std::filesystem::rename(administration / "HEAD", administration / "real");
    std::filesystem::create_symlink("real", administration / "HEAD");
  }
  CHECK_FALSE(read());
}

TEST_CASE_FIXTURE(HeadFixture, "a mark changes with every index that git writes, and with nothing else") {
  const auto mark = [&] { return run::mark_of(administration / "index"); };
  const run::FileMark before = mark();
  in_worktree("git ls-files --stage");
  CHECK(mark() == before);
  write(place / "new.txt", "new\n");
  in_worktree("git add new.txt");
  CHECK_FALSE(mark() == before);
  CHECK(run::mark_of(administration / "nothing").inode == 0);
}
