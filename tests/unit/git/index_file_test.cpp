#include "git/index_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "../temporary_repository.hpp"

using namespace changeling;
using testing::TemporaryRepository;

TEST_CASE("an index without a link to another repository is known by reading it") {
  const TemporaryRepository home;
  const auto index = home.path() / ".git/index";
  for (int number = 0; number < 200; ++number)
    std::ofstream(home.path() / ("file" + std::to_string(number))) << number;
  home.git("add -A");
  CHECK_FALSE(git::may_hold_links(index));
  home.git("update-index --index-version 4");
  CHECK_FALSE(git::may_hold_links(index));

  home.git("update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,vendored");
  CHECK(git::may_hold_links(index));
  home.git("update-index --index-version 2");
  CHECK(git::may_hold_links(index));
  home.git("update-index --force-remove vendored");
  CHECK_FALSE(git::may_hold_links(index));
}

TEST_CASE("an index whose entries lie elsewhere may hold links") {
  const TemporaryRepository home;
  home.git("update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,vendored");
  home.git("update-index --split-index");
  CHECK(git::may_hold_links(home.path() / ".git/index"));
}

TEST_CASE("what is no plain file may hold links, and is not waited for") {
  const TemporaryRepository home;
  CHECK(git::may_hold_links(home.path() / ".git/nothing"));
  const auto pipe = home.path() / ".git/pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(git::may_hold_links(pipe));
}
