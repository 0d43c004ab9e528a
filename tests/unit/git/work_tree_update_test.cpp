#include "git/work_tree_update.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"
#include "work_tree_fixture.hpp"

using namespace changeling;
using changeling::testing::WorkTreeFixture;

namespace {

namespace fs = std::filesystem;

/// main is checked out; the branch "wanted" changes kept.txt not at all, changed.txt, removes removed.txt and
/// brings folder/new.txt.
struct Fixture : WorkTreeFixture {
  Fixture() {
    write("kept.txt", "kept\n");
    write("changed.txt", "one\n");
    write("removed.txt", "removed\n");
    commit(".gitignore", "*.o\n");
    git("switch -q -c wanted");
    write("changed.txt", "one\ntwo\n");
    write("folder/new.txt", "new\nfile\n");
    fs::remove(home.path() / "removed.txt");
    git("add -A");
    git("commit -q -m wanted");
    git("switch -q main");
  }

  git::WorkTreeUpdate update() const {
    return git::WorkTreeUpdate(program, tree(), common_directory, at("main"), at("wanted"));
  }
  void bring_along() const {
    git::WorkTreeUpdate work = update();
    work.write();
    git("update-ref refs/heads/main wanted");
    work.finish();
  }
  std::string refusal() const {
    const std::string before = status();
    try {
      update();
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::Conflict);
      CHECK_FALSE(error.hint().empty());
      CHECK(status() == before);
      CHECK_FALSE(exists(".git/index.lock"));
      return error.what();
    }
    FAIL("not refused");
    return "";
  }
  void check_all_there() const {
    CHECK(content("changed.txt") == "one\ntwo\n");
    CHECK(content("folder/new.txt") == "new\nfile\n");
    CHECK_FALSE(exists("removed.txt"));
    CHECK_FALSE(exists(".git/index.lock"));
    CHECK_FALSE(exists(".git/changeling-update"));
    for (const auto& entry : fs::directory_iterator(home.path() / ".git"))
      CHECK_FALSE(entry.path().filename().string().starts_with("index."));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "files and index follow, and other changes stay") {
  write("kept.txt", "mine\n");
  write("untracked", "mine\n");
  bring_along();
  check_all_there();
  CHECK(status() == " M kept.txt\n?? untracked");
}

TEST_CASE_FIXTURE(Fixture, "what would be lost is named before anything is touched") {
  SUBCASE("a changed file") {
    write("changed.txt", "mine\n");
    CHECK(refusal() == "uncommitted changes would be lost in: changed.txt");
  }
  SUBCASE("a file that the target's begins with") {
    write("changed.txt", "");
    CHECK(refusal() == "uncommitted changes would be lost in: changed.txt");
  }
  SUBCASE("a removed file that is changed") {
    write("removed.txt", "mine\n");
    CHECK(refusal() == "uncommitted changes would be lost in: removed.txt");
  }
  SUBCASE("a deletion") {
    fs::remove(home.path() / "changed.txt");
    CHECK(refusal() == "uncommitted changes would be lost in: changed.txt");
  }
  SUBCASE("staged changes, also behind a file that looks as wanted") {
    write("changed.txt", "mine\n");
    git("add changed.txt");
    write("changed.txt", "one\ntwo\n");
    CHECK(refusal() == "uncommitted changes would be lost in: changed.txt");
  }
  SUBCASE("an untracked file") {
    write("folder/new.txt", "mine\n");
    CHECK(refusal() == "files that git does not track would be overwritten: folder/new.txt");
  }
  SUBCASE("an ignored file") {
    write(".git/info/exclude", "folder/\n");
    write("folder/new.txt", "mine\n");
    CHECK(refusal() == "files that git does not track would be overwritten: folder/new.txt");
  }
  SUBCASE("a file where a folder comes") {
    write("folder", "mine\n");
    CHECK(refusal() == "files that git does not track would be overwritten: folder");
  }
  SUBCASE("a folder with ignored files where a file comes") {
    write("folder/new.txt/mine.o", "mine\n");
    CHECK(refusal() == "files that git does not track would be overwritten: folder/new.txt/mine.o");
  }
  SUBCASE("changes that the index hides") {
    const char* flag = "";
    SUBCASE("assume-unchanged") {
      flag = "--assume-unchanged";
    }
    SUBCASE("skip-worktree") {
      flag = "--skip-worktree";
    }
    git(std::string("update-index ") + flag + " changed.txt");
    write("changed.txt", "mine\n");
    CHECK(refusal() == "changes that git was told not to look at would be lost in: changed.txt");
  }
  SUBCASE("several at once") {
    write("changed.txt", "mine\n");
    write("removed.txt", "mine\n");
    write("folder/new.txt", "mine\n");
    CHECK(
        refusal() ==
        "uncommitted changes would be lost in: changed.txt, removed.txt; files that git does not track would "
        "be overwritten: folder/new.txt");
  }
}

TEST_CASE_FIXTURE(Fixture, "what looks as wanted already is no obstacle") {
  SUBCASE("files") {
    write("changed.txt", "one\ntwo\n");
    write("folder/new.txt", "new\nfile\n");
    fs::remove(home.path() / "removed.txt");
  }
  SUBCASE("files and index") {
    git("checkout wanted -- changed.txt folder/new.txt");
    git("rm -q removed.txt");
  }
  SUBCASE("old times") {
    fs::last_write_time(home.path() / "changed.txt",
                        fs::file_time_type::clock::now() - std::chrono::hours(5));
  }
  bring_along();
  check_all_there();
  CHECK(status().empty());
}

TEST_CASE_FIXTURE(Fixture, "a lock on the index") {
  SUBCASE("of another git is respected") {
    write(".git/index.lock", "");
    try {
      update();
      FAIL("not refused");
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find("index.lock exists") != std::string::npos);
    }
    CHECK(exists(".git/index.lock"));
    CHECK(content("changed.txt") == "one\n");
  }
  SUBCASE("keeps other git commands away meanwhile") {
    const git::WorkTreeUpdate holding = update();
    CHECK_THROWS(git("add kept.txt --renormalize"));
  }
}

TEST_CASE_FIXTURE(Fixture, "remains of a killed update are finished") {
  {
    git::WorkTreeUpdate work = update();
    work.write();
  }
  // As if it had been killed in the middle: the index is the old one, files are missing or half written.
  git("read-tree main");
  REQUIRE(exists(".git/changeling-update"));
  SUBCASE("all written") {}
  SUBCASE("a file begun, one removed") {
    write("folder/new.txt", "new\n");
    fs::remove(home.path() / "changed.txt");
  }
  bring_along();
  check_all_there();
  CHECK(status().empty());
}

TEST_CASE_FIXTURE(Fixture, "what the user has written since is no remains") {
  {
    git::WorkTreeUpdate work = update();
    work.write();
  }
  git("read-tree main");
  write("changed.txt", "mine\n");
  CHECK(refusal() == "uncommitted changes would be lost in: changed.txt");
  CHECK(content("changed.txt") == "mine\n");
}

TEST_CASE_FIXTURE(Fixture, "all is as before when git cannot write a file") {
  git("config filter.broken.clean cat");
  git("config filter.broken.smudge false");
  git("config filter.broken.required true");
  SUBCASE("that is new") {
    write(".git/info/attributes", "folder/new.txt filter=broken\n");
  }
  SUBCASE("that was there") {
    write(".git/info/attributes", "changed.txt filter=broken\n");
  }
  git::WorkTreeUpdate work = update();
  try {
    work.write();
    FAIL("written");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("filter broken failed") != std::string::npos);
    CHECK(error.hint().find("nothing was changed") != std::string::npos);
  }
  CHECK(status().empty());
  CHECK(content("changed.txt") == "one\n");
  CHECK(exists("removed.txt"));
  CHECK_FALSE(exists("folder"));
}

TEST_CASE_FIXTURE(Fixture, "an update is taken back") {
  write("kept.txt", "mine\n");
  git::WorkTreeUpdate work = update();
  work.write();
  work.take_back();
  CHECK(status() == " M kept.txt");
  CHECK(content("changed.txt") == "one\n");
  CHECK_FALSE(exists("folder"));
}

namespace {

/// In "wanted" the folder "folder" is a file, and the file kept.txt a folder.
struct TurningFixture : Fixture {
  TurningFixture() {
    git("switch -q wanted");
    git("mv kept.txt moving");
    git("rm -q --cached folder/new.txt");
    fs::remove_all(home.path() / "folder");
    write("folder", "a file\n");
    fs::remove(home.path() / "moving");
    write("kept.txt/inside", "inside\n");
    git("add -A");
    git("commit -q -m turned");
    git("switch -q main");
    commit("folder/old.txt", "old\n");
    git("switch -q wanted");
    git("merge -q -s ours main");
    git("switch -q main");
  }
  /// As if an update had been killed with its files written and the index the old one.
  void kill_after_the_files() const {
    update().write();
    git("read-tree main");
  }
  void check_turned() const {
    check_all_there_but_folder();
    CHECK(content("folder") == "a file\n");
    CHECK(content("kept.txt/inside") == "inside\n");
    CHECK(status().empty());
  }
  void check_all_there_but_folder() const {
    CHECK(content("changed.txt") == "one\ntwo\n");
    CHECK_FALSE(exists(".git/changeling-update"));
  }
};

}  // namespace

TEST_CASE_FIXTURE(TurningFixture, "a folder becomes a file and a file a folder") {
  bring_along();
  check_turned();
}

TEST_CASE_FIXTURE(TurningFixture, "a killed update that turns a folder into a file is finished") {
  kill_after_the_files();
  SUBCASE("all written") {}
  SUBCASE("another file is missing") {
    fs::remove(home.path() / "changed.txt");
  }
  SUBCASE("the folder is gone, the file not yet there") {
    fs::remove(home.path() / "folder");
  }
  SUBCASE("killed twice") {
    kill_after_the_files();
  }
  bring_along();
  check_turned();
}

TEST_CASE_FIXTURE(TurningFixture, "after a killed update all goes back when git cannot write a file") {
  kill_after_the_files();
  fs::remove(home.path() / "changed.txt");
  git::WorkTreeUpdate work = update();
  git("config filter.broken.clean cat");
  git("config filter.broken.required true");
  write(".git/info/attributes", "changed.txt filter=broken\n");
  git("config filter.broken.smudge \"awk '/two/ { exit 1 } { print }'\"");
  CHECK_THROWS_AS(work.write(), Error);
  CHECK(content("folder/old.txt") == "old\n");
  CHECK(content("kept.txt") == "kept\n");
  CHECK(content("changed.txt") == "one\n");
  CHECK(status().empty());
}

TEST_CASE_FIXTURE(TurningFixture, "what people put into a folder that a killed update made is kept") {
  kill_after_the_files();
  write("kept.txt/mine", "mine\n");
  CHECK(refusal() == "files that git does not track would be overwritten: kept.txt/mine");
  CHECK(exists(".git/changeling-update"));
}

TEST_CASE_FIXTURE(Fixture, "a link that becomes a folder leads nothing away when it is taken back") {
  fs::create_directory_symlink("elsewhere", home.path() / "link");
  git("add link");
  git("commit -q -m link");
  write(".git/info/exclude", "elsewhere/\n");
  write("elsewhere/file", "mine\n");
  git("branch -f wanted main");
  git("switch -q wanted");
  git("rm -q link");
  write("link/file", "wanted\n");
  write("changed.txt", "two\n");
  git("add -A");
  git("commit -q -m turned");
  git("switch -q main");
  git("config filter.broken.clean cat");
  git("config filter.broken.smudge false");
  git("config filter.broken.required true");
  write(".git/info/attributes", "changed.txt filter=broken\n");
  git::WorkTreeUpdate work = update();
  CHECK_THROWS_AS(work.write(), Error);
  CHECK(content("elsewhere/file") == "mine\n");
  CHECK(fs::is_symlink(home.path() / "link"));
  CHECK(status().empty());
}
