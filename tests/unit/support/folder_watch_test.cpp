#include "support/folder_watch.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;
using namespace std::chrono_literals;

TEST_CASE("a watch tells of the files it was made for and of no others") {
  TemporaryFolder folder;
  FolderWatch watch(folder.path() / "made", {"log", "lock"});
  CHECK_FALSE(watch.wait(0ms));
  folder.write("made/other", "x");
  CHECK_FALSE(watch.wait(20ms));
  folder.write("made/log", "x");
  CHECK(watch.wait(5s));
  while (watch.wait(0ms)) {
  }
  folder.write("made/lock.new", "x");
  std::filesystem::rename(folder.path() / "made/lock.new", folder.path() / "made/lock");
  CHECK(watch.wait(5s));
  std::filesystem::remove(folder.path() / "made/lock");
  CHECK(watch.wait(5s));
  CHECK_FALSE(watch.wait(0ms));
}
