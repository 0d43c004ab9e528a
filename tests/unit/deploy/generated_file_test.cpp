#include "deploy/generated_file.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;
using deploy::Existing;

namespace {

const std::filesystem::path place = "a/b/file.yml";
const std::string first = deploy::with_mark("first\n");
const std::string second = deploy::with_mark("second\n");

}  // namespace

TEST_CASE("a generated file is written, left alone when it is the same, and replaced") {
  const TemporaryFolder home;
  CHECK(deploy::write_generated(home.path(), place, first, false) == Existing::Nothing);
  CHECK(read_file(home.path() / place) == first);
  CHECK(deploy::write_generated(home.path(), place, first, false) == Existing::Same);
  CHECK(deploy::write_generated(home.path(), place, second, false) == Existing::Ours);
  CHECK(read_file(home.path() / place) == second);
}

TEST_CASE("what people wrote or changed is replaced and removed only when they say so") {
  const TemporaryFolder home;
  std::string theirs;
  Existing kind = Existing::Foreign;
  SUBCASE("somebody else's") {
    theirs = "name: mine\n";
  }
  SUBCASE("edited") {
    theirs = first + "# and a line by hand\n";
    kind = Existing::Edited;
  }
  SUBCASE("cut off") {
    theirs = first.substr(0, first.find('\n') + 5);
    kind = Existing::Edited;
  }
  home.write(place.string(), theirs);
  CHECK_THROWS_WITH_AS(deploy::write_generated(home.path(), place, second, false),
                       doctest::Contains("a/b/file.yml"), Error);
  CHECK(deploy::remove_generated(home.path(), place, false) == kind);
  CHECK(read_file(home.path() / place) == theirs);
  CHECK(deploy::write_generated(home.path(), place, second, true) == kind);
  CHECK(read_file(home.path() / place) == second);
  CHECK(deploy::remove_generated(home.path(), place, false) == Existing::Ours);
  CHECK(deploy::remove_generated(home.path(), place, false) == Existing::Nothing);
}

TEST_CASE("nothing is written through a symbolic link") {
  const TemporaryFolder home;
  const TemporaryFolder elsewhere;
  SUBCASE("a folder") {
    std::filesystem::create_directory_symlink(elsewhere.path(), home.path() / "a");
  }
  SUBCASE("the file") {
    std::filesystem::create_directories(home.path() / "a/b");
    std::filesystem::create_symlink(elsewhere.path() / "file.yml", home.path() / place);
  }
  for (const bool force : {false, true})
    CHECK_THROWS_AS(deploy::write_generated(home.path(), place, first, force), Error);
  CHECK_THROWS_AS(deploy::remove_generated(home.path(), place, true), Error);
  CHECK(std::filesystem::is_empty(elsewhere.path()));
}
