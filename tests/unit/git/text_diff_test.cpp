#include "git/text_diff.hpp"

#include <doctest/doctest.h>

using changeling::git::text_diff;

TEST_CASE("a difference of two texts starts with its first hunk") {
  CHECK(text_diff("a\nb\nc\n", "a\nB\nc\n") == "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
  CHECK(text_diff("", "new\n") == "@@ -0,0 +1 @@\n+new\n");
  CHECK(text_diff("old\n", "") == "@@ -1 +0,0 @@\n-old\n");
}

TEST_CASE("equal texts differ in nothing") {
  CHECK(text_diff("a\n", "a\n").empty());
  CHECK(text_diff("", "").empty());
}
