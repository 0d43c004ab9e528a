#include "run/artifacts.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "../temporary_folder.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;
namespace fs = std::filesystem;

TEST_CASE("an artifact is read when it is a plain file in a folder of the worktree") {
  const TemporaryFolder folder;
  folder.write("scratch/artifacts/report.md", "caf\xE9");
  folder.write("scratch/artifacts/huge.md", std::string(3 << 20, 'x'));
  folder.write("secret/report.md", "secret");
  const fs::path artifacts = folder.path() / "scratch/artifacts";
  CHECK(run::read_artifact(artifacts, "report.md") == "caf\xEF\xBF\xBD");
  CHECK(run::read_artifact(artifacts, "huge.md").size() == 1 << 20);
  CHECK(run::read_artifact(artifacts, "missing.md").empty());
  SUBCASE("not through a link") {
    fs::create_symlink(folder.path() / "secret/report.md", artifacts / "link.md");
    CHECK(run::read_artifact(artifacts, "link.md").empty());
  }
  SUBCASE("not from a FIFO, which would wait") {
    REQUIRE(::mkfifo((artifacts / "fifo.md").c_str(), 0600) == 0);
    CHECK(run::read_artifact(artifacts, "fifo.md").empty());
  }
  SUBCASE("not from a folder behind a link") {
    fs::create_directory_symlink(folder.path() / "secret", folder.path() / "scratch/link");
    CHECK(run::read_artifact(folder.path() / "scratch/link", "report.md").empty());
    fs::create_directory_symlink(folder.path() / "scratch", folder.path() / "other");
    CHECK(run::read_artifact(folder.path() / "other/artifacts", "report.md").empty());
  }
}

TEST_CASE("plain files are kept, redacted, and what is there already stays") {
  const TemporaryFolder folder;
  const fs::path from = folder.path() / "scratch/artifacts";
  const fs::path to = folder.path() / "run/artifacts";
  folder.write("scratch/artifacts/a b/deep.txt", "the password is hunter22");
  folder.write("scratch/artifacts/report.md", "from the agent");
  folder.write("scratch/artifacts/binary", std::string("\0\xFF", 2));
  folder.write("run/artifacts/report.md", "redacted by the run");
  folder.write("scratch/artifacts/large", std::string((16 << 20) + 1, 'x'));
  folder.write("secret/key", "secret");
  fs::create_directory_symlink(folder.path() / "secret", from / "linked");
  fs::create_symlink(folder.path() / "secret/key", from / "key");
  fs::create_directory_symlink(".", from / "loop");
  REQUIRE(::mkfifo((from / "fifo").c_str(), 0600) == 0);
  CHECK(run::keep_artifacts(from, to, Redactor({"hunter22"})) == std::vector<std::string>{"large"});
  CHECK(read_file(to / "a b/deep.txt") == "the password is [redacted]");
  CHECK(read_file(to / "binary") == std::string("\0\xFF", 2));
  CHECK(read_file(to / "report.md") == "redacted by the run");
  for (const char* name : {"linked", "key", "loop", "fifo", "large"}) CHECK_FALSE(fs::exists(to / name));
}

TEST_CASE("a wish to stop is heard while artifacts are kept") {
  const TemporaryFolder folder;
  folder.write("scratch/artifacts/large", std::string(1 << 20, 'x'));
  int asked = 0;
  const auto left_out = run::keep_artifacts(folder.path() / "scratch/artifacts", folder.path() / "kept",
                                            Redactor(), [&] { return ++asked == 3; });
  CHECK(left_out == std::vector<std::string>{"large"});
  CHECK_FALSE(fs::exists(folder.path() / "kept/large"));
}

TEST_CASE("artifacts that are no folder, or a link to one, are none") {
  const TemporaryFolder folder;
  folder.write("secret/key", "secret");
  folder.write("scratch/file", "");
  fs::create_directory_symlink(folder.path() / "secret", folder.path() / "scratch/artifacts");
  for (const char* name : {"artifacts", "file", "missing"}) {
    CHECK(run::keep_artifacts(folder.path() / "scratch" / name, folder.path() / "run", Redactor()).empty());
    CHECK_FALSE(fs::exists(folder.path() / "run"));
  }
}
