#include "git/patch_text.hpp"

#include <doctest/doctest.h>

#include "support/text.hpp"

using namespace changeling::git;

namespace {

const std::string patch =
    "diff --git a/one b/one\n"
    "index 111..222 100644\n"
    "--- a/one\n"
    "+++ b/one\n"
    "@@ -3,3 +3,3 @@ int main() {\n"
    " same\n"
    "-diff --git a/x b/x\n"
    "+new\n"
    " @@ -1 +1 @@\n"
    "@@ -20 +20,2 @@\n"
    "-old end\n"
    "\\ No newline at end of file\n"
    "+end\n"
    "+more\n"
    "diff --git a/two b/two\n"
    "similarity index 100%\n"
    "rename from two\n"
    "rename to three\n";

std::string lines_of(std::size_t count) {
  std::string text = "diff --git a/x b/x\n@@ -0,0 +1," + std::to_string(count) + " @@\n";
  for (std::size_t line = 0; line < count; ++line) text += "+line\n";
  return text;
}

}  // namespace

TEST_CASE("a difference is read with the numbers of its lines, whatever stands in them") {
  const auto files = parse_patch(patch, {});
  REQUIRE(files.size() == 2);
  REQUIRE(files[0].hunks.size() == 2);
  const Hunk& hunk = files[0].hunks[0];
  CHECK(hunk.section == "int main() {");
  REQUIRE(hunk.lines.size() == 4);
  CHECK(hunk.lines[1].kind == PatchLine::Kind::Deleted);
  CHECK(hunk.lines[1].text == "diff --git a/x b/x");
  CHECK(hunk.lines[1].old_number == 4);
  CHECK(hunk.lines[1].new_number == 0);
  CHECK(hunk.lines[2].kind == PatchLine::Kind::Added);
  CHECK(hunk.lines[2].new_number == 4);
  CHECK(hunk.lines[3].text == "@@ -1 +1 @@");
  CHECK(hunk.lines[3].old_number == 5);
  CHECK(files[1].hunks.empty());
  CHECK_FALSE(files[1].is_cut);
}

TEST_CASE("a line without an end is told, and only that one") {
  const auto files = parse_patch(patch, {});
  const Hunk& hunk = files[0].hunks[1];
  CHECK(hunk.old_lines == 1);
  CHECK_FALSE(hunk.lines[0].has_line_end);
  CHECK(hunk.lines[1].has_line_end);
  CHECK(hunk.lines[2].new_number == 21);
}

TEST_CASE("long files, many files and long lines are cut, which is said") {
  const PatchLimits limits{3, 5, 4};
  const auto files = parse_patch(lines_of(4) + lines_of(2) + lines_of(1), limits);
  REQUIRE(files.size() == 3);
  CHECK(files[0].is_cut);
  CHECK(files[0].hunks[0].lines.size() == 3);
  CHECK_FALSE(files[1].is_cut);
  CHECK(files[2].is_cut);
  CHECK(files[2].hunks.empty());
  const auto letters = parse_patch("diff --git a/x b/x\n@@ -1 +1 @@\n-abc\xc3\xa4\n+abcd\n", limits);
  CHECK(letters[0].hunks[0].lines[0].text == "abc");
  CHECK(letters[0].hunks[0].lines[0].is_cut);
  CHECK_FALSE(letters[0].hunks[0].lines[1].is_cut);
}

TEST_CASE("what is no difference gives no hunks") {
  CHECK(parse_patch("", {}).empty());
  CHECK(parse_patch("@@ -1 +1 @@\n-a\n+b\n", {}).empty());
  CHECK(parse_patch("diff --git a/x b/x\n@@ -1,x +1 @@\n@@ nonsense\n", {})[0].hunks.empty());
  CHECK(parse_patch("diff --git a/x b/x\n@@ -1 +1 @@\n-\xff\n", {})[0].hunks[0].lines[0].text ==
        "\xef\xbf\xbd");
}
