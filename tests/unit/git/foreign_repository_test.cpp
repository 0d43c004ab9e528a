#include "git/foreign_repository.hpp"

#include <doctest/doctest.h>

#include "../temporary_repository.hpp"
#include "git/alternates.hpp"
#include "git/program.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::testing::TemporaryRepository;
namespace fs = std::filesystem;

namespace {

struct ForeignCase {
  ForeignCase() { home.git("commit --allow-empty -m one"); }
  git::ForeignRepository read() const { return *git::read_foreign_repository(home.path() / ".git"); }
  fs::path view() const { return home.path() / "view"; }
  std::string in_view(std::vector<std::string> arguments) {
    git::make_view(read(), view(), "");
    return program.with({{"GIT_DIR", view().string()}}, home.path()).run(std::move(arguments)).output;
  }

  TemporaryRepository home;
  SystemProcessRunner processes;
  git::GitProgram program{processes, testing::program_environment(), home.path()};
};

}  // namespace

TEST_CASE_FIXTURE(ForeignCase, "head, branch and references are read, of linked work trees too") {
  home.git("tag -a -m note v1");
  const auto head = *home.open().resolve("HEAD");
  CHECK(read().head == head);
  CHECK(read().branch == "refs/heads/main");
  CHECK(read().target("refs/heads/main") == head);
  CHECK(read().target("refs/tags/v1") != head);
  CHECK_FALSE(read().target("refs/heads/none"));
  home.git("worktree add --detach side");
  const auto linked = git::read_foreign_repository(home.path() / "side/.git");
  REQUIRE(linked);
  CHECK(linked->branch.empty());
  CHECK(linked->head == head);
  CHECK(linked->common_directory == fs::canonical(home.path() / ".git"));
}

TEST_CASE_FIXTURE(ForeignCase, "what is no repository is nothing") {
  CHECK_FALSE(git::read_foreign_repository(home.path() / "missing/.git"));
  fs::create_directories(home.path() / "empty/.git");
  CHECK_FALSE(git::read_foreign_repository(home.path() / "empty/.git"));
}

TEST_CASE_FIXTURE(ForeignCase, "a view shows the history, and none of the settings") {
  home.git("config core.pager touch");
  home.git("config alias.log '!false'");
  home.git("config remote.origin.uploadpack false");
  CHECK(in_view({"log", "--format=%s", "main"}) == "one\n");
  CHECK(in_view({"config", "--get", "core.pager"}).empty());
  home.git("commit --allow-empty -m two");
  write_file(home.path() / ".git/HEAD", home.open().resolve_revision("HEAD~1")->hex() + "\n");
  CHECK(in_view({"log", "--format=%s"}) == "one\n");
}

TEST_CASE("objects are borrowed from several places, also through others") {
  const testing::TemporaryFolder folder;
  const fs::path& root = folder.path();
  for (const char* name : {"a", "b", "c"}) fs::create_directories(root / name);
  git::borrow_objects(root / "a", {"../b", root / "c"});
  git::borrow_objects(root / "c", {root / "d\ne"});
  CHECK(read_file(root / "c/info/alternates") == "\"" + (root / "d\\ne").string() + "\"\n");
  CHECK(git::with_lenders(root / "a") == std::vector{root / "a", root / "b", root / "c"});
}
