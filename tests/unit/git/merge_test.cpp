#include "git/merge.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"
#include "work_tree_fixture.hpp"

using namespace changeling;
using changeling::testing::WorkTreeFixture;
using Kind = git::MergeResult::Kind;

namespace {

/// main and side part after a common commit. Every test runs with the git of this machine and with one that
/// cannot merge without a work tree, as before 2.38.
struct Fixture : WorkTreeFixture {
  std::optional<git::GitProgram> old_program;

  Fixture() {
    write("file", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    commit("other", "x\n");
    git("branch side");
  }
  void use_old_git() {
    old_program.emplace(
        instead_of_git(R"(for word; do [ "$word" = merge-tree ] && exit 129; done; exec "$git" "$@")"));
  }
  const git::GitProgram& used() const { return old_program ? *old_program : program; }
  void on_side(const std::string& path, const std::string& content) const {
    git("switch -q side");
    commit(path, content);
    git("switch -q main");
  }
  git::MergeResult merged(const std::optional<git::WorkTree>& on_ours = std::nullopt) const {
    return git::merge(used(), common_directory, at("main"), at("side"), on_ours);
  }
  std::string merged_file(const git::MergeResult& result, const std::string& path) const {
    return program.check({"show", result.tree.value().hex() + ":" + path});
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "merging tells fast-forward, merge, conflict and nothing to do apart") {
  SUBCASE("with merge-tree") {}
  SUBCASE("with an older git") {
    use_old_git();
  }
  on_side("new", "new\n");
  const auto merge = [&](const std::string& ours, const std::string& theirs) {
    return git::merge(used(), common_directory, at(ours), at(theirs));
  };
  CHECK(merge("side", "main").kind == Kind::AlreadyMerged);
  CHECK(merge("main", "side").kind == Kind::FastForward);
  commit("other", "y\n");
  const auto result = merge("main", "side");
  REQUIRE(result.kind == Kind::Merged);
  CHECK(merged_file(result, "new") == "new");
  CHECK(merged_file(result, "other") == "y");
  commit("new", "another\n");
  commit("other", "z\n");
  const auto conflict = merge("main", "side");
  CHECK(conflict.kind == Kind::Conflicts);
  CHECK(conflict.conflicting_paths == std::vector<std::string>{"new"});
  // Whatever a merge needed is gone, and the user's files are as they were.
  CHECK(std::filesystem::is_empty(common_directory / "changelings" / "merges"));
  CHECK(status().empty());
  CHECK(home.is_sound());
}

TEST_CASE_FIXTURE(Fixture, "a file that was renamed on one side gets the other side's change") {
  SUBCASE("with merge-tree") {}
  SUBCASE("with an older git") {
    use_old_git();
  }
  on_side("file", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n");
  git("mv file moved");
  git("commit -q -m rename");
  const auto result = merged();
  REQUIRE(result.kind == Kind::Merged);
  CHECK(merged_file(result, "moved") == "1\n2\n3\n4\n5\n6\n7\n8\nnine");
}

TEST_CASE_FIXTURE(Fixture, "the user's merge drivers are asked") {
  std::optional<git::WorkTree> place;
  SUBCASE("with merge-tree, in the work tree") {
    place = tree();
  }
  SUBCASE("with merge-tree, elsewhere") {}
  SUBCASE("with an older git") {
    use_old_git();
  }
  commit(".gitattributes", "file merge=both\n");
  git("branch -f side main");
  // Looks for a file beside the one that is merged.
  git("config merge.both.driver 'cat other %B > %A.new && mv %A.new %A'");
  on_side("file", "side\n");
  commit("file", "main\n");
  const auto result = merged(place);
  REQUIRE(result.kind == Kind::Merged);
  CHECK(merged_file(result, "file") == "x\nside");
  CHECK(status().empty());
}

TEST_CASE_FIXTURE(Fixture, "attributes count where no files are checked out") {
  SUBCASE("with merge-tree") {}
  SUBCASE("with an older git") {
    use_old_git();
  }
  commit("folder/.gitattributes", "log merge=union\n");
  commit("folder/log", "start\n");
  git("branch -f side main");
  on_side("folder/log", "start\nside\n");
  commit("folder/log", "start\nmain\n");
  git("switch -q --detach");
  git("rm -q -r .");
  git("config core.bare true");
  const auto result = git::merge(used(), common_directory, at("main"), at("side"));
  REQUIRE(result.kind == Kind::Merged);
  CHECK(merged_file(result, "folder/log") == "start\nmain\nside");
}

TEST_CASE_FIXTURE(Fixture, "histories without a common commit are not merged") {
  git("switch -q --orphan strange");
  commit("strange", "s\n");
  git("branch -f side");
  git("switch -q main");
  try {
    merged();
    FAIL("merged");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Refused);
    CHECK(error.hint().find("--allow-unrelated-histories") != std::string::npos);
  }
}

TEST_CASE_FIXTURE(Fixture, "what a killed merge has left goes with the next one") {
  on_side("new", "new\n");
  commit("other", "y\n");
  const auto left = common_directory / "changelings" / "merges" / "private-left" / "files";
  std::filesystem::create_directories(left);
  CHECK(merged().kind == Kind::Merged);
  CHECK_FALSE(std::filesystem::exists(left));
}

TEST_CASE_FIXTURE(Fixture, "a commit is written with identity, parents and message as they are") {
  const auto parents = std::vector<git::ObjectId>{at("main"), at("side")};
  const auto id = program.create_commit({home.open().commit(at("main")).tree,
                                         {parents.front()},
                                         {"Änne", "a@example.com"},
                                         parse_timestamp("2026-11-20T12:00:00Z"),
                                         "# subject\n\nbody ü\n"});
  const git::CommitInfo info = home.open().commit(id);
  CHECK(info.message == "# subject\n\nbody ü\n");
  CHECK(info.author.name == "Änne");
  CHECK(info.author.email == "a@example.com");
  CHECK(info.parents == std::vector<git::ObjectId>{parents.front()});
}
