#include "changeling/toml_depth.hpp"

#include <doctest/doctest.h>

#include <string>

#include "changeling/toml_document.hpp"
#include "support/error.hpp"

using namespace changeling;

namespace {

std::string times(std::size_t count, const std::string& text) {
  std::string all;
  for (std::size_t one = 0; one < count; ++one) all += text;
  return all;
}

}  // namespace

TEST_CASE("lists, tables and the parts of keys count, strings and comments do not") {
  CHECK(toml_depth("a = 1\n") == 0);
  CHECK(toml_depth("a.b.c = 1.5\n") == 2);
  CHECK(toml_depth("[a.b]\nx = [[1], {y = [2]}]\n") == 3);
  CHECK(toml_depth("a = \"[[[[....\"\nb = '[[[[' # [[[[[\n") == 0);
  CHECK(toml_depth("a = \"\"\"\n[[[ \\\"\"\" [[[ \"\"\"\nb = 1\n") == 0);
  CHECK(toml_depth("a = \"x\\\"[[[[\"\n") == 0);
}

TEST_CASE("a text that would lead its reader too deep is refused before it is read") {
  for (const std::string& text :
       {"a = " + times(100'000, "[") + times(100'000, "]"), times(100'000, "a.") + "a = 1",
        "[" + times(100'000, "a.") + "a]\n", "a = " + times(50'000, "{a=")}) {
    CHECK_THROWS_WITH_AS(parse_toml(text, "x.toml"), doctest::Contains("deep"), Error);
  }
  CHECK_THROWS_WITH_AS(parse_toml("# " + std::string(1 << 20, 'x'), "x.toml"), doctest::Contains("larger"),
                       Error);
  CHECK_NOTHROW(parse_toml("a = [[[1]]]\nb.c.d = 2\n", "x.toml"));
}
