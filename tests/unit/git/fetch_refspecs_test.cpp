#include "git/fetch_refspecs.hpp"

#include <doctest/doctest.h>

#include "../temporary_repository.hpp"

using namespace changeling;
using changeling::testing::TemporaryRepository;

namespace {

std::optional<std::string> overwriting(const TemporaryRepository& home) {
  return git::remote_that_overwrites(home.open(), "refs/heads/changelings/sprite/r1");
}

}  // namespace

TEST_CASE("a plain fetch overwrites branches in mirrors only") {
  const TemporaryRepository home;
  CHECK_FALSE(overwriting(home));
  home.git("remote add origin ../elsewhere");
  CHECK_FALSE(overwriting(home));
  home.git("config remote.origin.fetch '+refs/heads/main:refs/heads/main'");
  CHECK_FALSE(overwriting(home));
  for (const char* refspec :
       {"+refs/*:refs/*", "refs/heads/*:refs/heads/*", "+refs/heads/c*:refs/heads/c*"}) {
    home.git("config remote.origin.fetch '" + std::string(refspec) + "'");
    CHECK(overwriting(home) == "origin");
  }
  home.git("config --add remote.origin.fetch '^refs/tags/*'");
  CHECK(overwriting(home) == "origin");
  home.git("config --add remote.origin.fetch '^refs/heads/changelings/*'");
  CHECK_FALSE(overwriting(home));
}

TEST_CASE("a refspec writes onto what its right side matches") {
  CHECK(git::writes_onto("+a/*:b/*", "b/c"));
  CHECK_FALSE(git::writes_onto("+a/*:b/*", "a/c"));
  CHECK(git::writes_onto("a:b", "b"));
  CHECK_FALSE(git::writes_onto("a:b", "b/c"));
  CHECK_FALSE(git::writes_onto("a", "a"));
  CHECK_FALSE(git::writes_onto("a:", ""));
}
