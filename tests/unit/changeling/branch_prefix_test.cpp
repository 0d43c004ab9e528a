#include "changeling/branch_prefix.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"

using changeling::branches_in_the_way;
using changeling::BranchPrefix;
using changeling::Error;

TEST_CASE("branches of runs begin with the prefix") {
  CHECK(BranchPrefix().branch("sprite", "r1") == "changelings/sprite/r1");
  CHECK(BranchPrefix("").branch("sprite", "r1") == "changelings/sprite/r1");
  CHECK(BranchPrefix("bots/night/").branch("sprite", "r1") == "bots/night/sprite/r1");
}

TEST_CASE("the changeling of a branch, also of one from before another prefix was chosen") {
  const BranchPrefix prefix("bots/night");
  CHECK(prefix.changeling_of("bots/night/sprite/r1") == "sprite");
  CHECK(prefix.changeling_of("changelings/sprite/r1") == "sprite");
  CHECK(prefix.changeling_of("bots/nightly/sprite/r1").empty());
  CHECK(prefix.changeling_of("bots/night").empty());
  CHECK(prefix.changeling_of("main").empty());
  CHECK(prefix.holds("refs/heads/bots/night/sprite/r1"));
  CHECK(prefix.holds("refs/heads/changelings/sprite/r1"));
  CHECK_FALSE(prefix.holds("refs/tags/bots/night/sprite/r1"));
  CHECK_FALSE(prefix.holds("refs/heads/changelings"));
}

TEST_CASE("a prefix that no branch can have is refused with the key that holds it") {
  for (const char* value :
       {"/", "a..b", "a//b", "a b", "/a", "a/.b", "-x", "x.lock", "a~1", "@{u}", "a\nb"}) {
    CAPTURE(value);
    CHECK_THROWS_WITH_AS(BranchPrefix{value}, doctest::Contains("changeling.branchPrefix"), Error);
  }
}

TEST_CASE("what git would need to be a branch and a folder at once") {
  CHECK(branches_in_the_way("a/b/c") == std::vector<std::string>{"a", "a/b"});
  CHECK(branches_in_the_way("main").empty());
}
