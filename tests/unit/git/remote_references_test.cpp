#include "git/remote_references.hpp"

#include <doctest/doctest.h>

using namespace changeling;
using git::ObjectId;

namespace {
const std::string first(40, 'a');
const std::string second(40, 'b');
}  // namespace

TEST_CASE("what a remote says about its default branch and its branches") {
  const auto answer = git::parse_remote_references("ref: refs/heads/dev/next\tHEAD\n" + first + "\tHEAD\n" +
                                                   second + "\trefs/heads/main\n");
  CHECK(answer.default_branch == "dev/next");
  CHECK(answer.branch("main") == ObjectId::from_hex(second));
  CHECK(answer.tips.at("HEAD") == ObjectId::from_hex(first));
  CHECK_FALSE(answer.branch("next"));
}

TEST_CASE("a remote whose HEAD is detached, or that has nothing, names no default branch") {
  CHECK_FALSE(git::parse_remote_references(first + "\tHEAD\n").default_branch);
  CHECK_FALSE(git::parse_remote_references("").default_branch);
}

TEST_CASE("names that only end like the ones that were asked for are not taken for them") {
  const auto answer = git::parse_remote_references("ref: refs/remotes/up/main\trefs/remotes/up/HEAD\n" +
                                                   first + "\trefs/remotes/up/HEAD\n" + first +
                                                   "\trefs/heads/old/refs/heads/main\nwarning: nothing\n");
  CHECK_FALSE(answer.default_branch);
  CHECK_FALSE(answer.branch("main"));
}
