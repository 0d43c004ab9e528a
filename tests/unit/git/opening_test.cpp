#include <doctest/doctest.h>

#include <cstdlib>

#include "../temporary_repository.hpp"
#include "git/repository.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::testing::hermetic_environment;
using changeling::testing::TemporaryFolder;
using changeling::testing::TemporaryRepository;

namespace {

std::optional<Error> failure_of(const TemporaryRepository& home) {
  try {
    home.open();
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace

TEST_CASE("extensions that change nothing for us are accepted, unknown ones are refused by name") {
  for (const char* setting : {"worktreeConfig true", "relativeWorktrees true", "preciousObjects true",
                              "partialClone origin", "refStorage files"}) {
    CAPTURE(setting);
    const TemporaryRepository home;
    home.git("config core.repositoryformatversion 1");
    home.git(std::string("config extensions.") + setting);
    CHECK(home.open().current_branch() == "main");
  }
  for (const auto& [setting, word] :
       std::map<std::string, std::string>{{"extensions.refStorage reftable", "reftable"},
                                          {"extensions.compressedEverything 1", "compressedeverything"}}) {
    const TemporaryRepository home;
    home.git("config core.repositoryformatversion 1");
    home.git("config " + setting);
    const auto error = failure_of(home);
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::Refused);
    CHECK(std::string(error->what()).find(word) != std::string::npos);
    CHECK_FALSE(error->hint().empty());
  }
  const TemporaryRepository newer;
  newer.git("config core.repositoryformatversion 2");
  const auto error = failure_of(newer);
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::Refused);
}

TEST_CASE("GIT_WORK_TREE and GIT_CEILING_DIRECTORIES mean what they mean for git") {
  const TemporaryRepository home;
  const TemporaryFolder elsewhere;
  Environment environment = hermetic_environment();
  environment.set("GIT_DIR", (home.path() / ".git").string());
  environment.set("GIT_WORK_TREE", elsewhere.path().string());
  CHECK(git::Repository::discover(elsewhere.path(), environment).work_tree() == elsewhere.path());

  std::filesystem::create_directories(home.path() / "deep" / "er");
  Environment below = hermetic_environment();
  below.set("GIT_CEILING_DIRECTORIES", (home.path() / "deep").string());
  CHECK_THROWS_AS(git::Repository::discover(home.path() / "deep" / "er", below), Error);
}

TEST_CASE("a work tree of a repository whose main one is bare is found by its own configuration") {
  const TemporaryRepository home;
  home.git("commit --allow-empty -m first");
  home.git("worktree add -q ../linked -b side");
  home.git("config extensions.worktreeConfig true");
  home.git("config --worktree core.bare true");
  home.git("config --unset core.bare");
  const auto linked = home.path().parent_path() / "linked";
  Environment environment = hermetic_environment();
  environment.set("PATH", "/usr/local/bin:/usr/bin:/bin");
  CHECK(git::Repository::discover(linked, environment).work_tree() == linked);
  CHECK(git::Repository::discover(home.path() / ".git", environment).is_bare());
}

TEST_CASE("objects that a partial clone has left on the remote are read through git") {
  const TemporaryRepository home;
  home.git("commit --allow-empty -m first");
  auto repository = home.open();
  const auto blob = repository.write_blob("text of the file\n");
  const auto tree = repository.edit_tree(repository.empty_tree(), {{"f", blob}});
  const auto commit = repository.create_commit(tree, {}, {"A", "a@example.com"}, Timestamp(), "m\n");
  REQUIRE(repository.compare_and_swap("refs/heads/other", std::nullopt, commit, "x") ==
          git::SwapResult::Swapped);
  home.git("config uploadpack.allowFilter true");
  home.git("config uploadpack.allowAnySHA1InWant true");
  const TemporaryFolder place;
  const auto clone = place.path() / "clone";
  REQUIRE(
      std::system(("GIT_CONFIG_GLOBAL=/dev/null git clone -q --no-checkout --filter=tree:0 -b other file://" +
                   home.path().string() + " " + clone.string() + " 2>/dev/null")
                      .c_str()) == 0);
  Environment environment = hermetic_environment();
  environment.set("PATH", "/usr/local/bin:/usr/bin:/bin");
  const auto partial = git::Repository::discover(clone, environment);
  CHECK(partial.is_partial());
  CHECK_FALSE(partial.has_object(blob));
  CHECK(partial.read_file(partial.commit(commit).tree, "f") == "text of the file\n");

  std::filesystem::rename(home.path(), place.path() / "gone");
  const auto again = git::Repository::discover(clone, environment);
  CHECK(again.read_blob(blob) == "text of the file\n");
  try {
    again.read_blob(git::ObjectId::from_hex(std::string(40, '5')));
    FAIL("read an object that nobody has");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("partial clone") != std::string::npos);
  }
  std::filesystem::rename(place.path() / "gone", home.path());
}
