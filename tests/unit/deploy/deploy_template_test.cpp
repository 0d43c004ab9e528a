#include "deploy/deploy_template.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"

using namespace changeling;
using deploy::fill;

TEST_CASE("gaps are filled once, and other braces stay") {
  CHECK(fill("a {one} {two} ${{ x }}\n", {{{"one", "{two}"}, {"two", "2"}}, {}}) == "a {two} 2 ${{ x }}\n");
}

TEST_CASE("a part is left out unless it is asked for") {
  const std::string text = "begin\n# if PART\ninside {gap}\n# end\nend\n";
  CHECK(fill(text, {}) == "begin\nend\n");
  CHECK(fill(text, {{{"gap", "1"}}, {"PART"}}) == "begin\ninside 1\nend\n");
  CHECK_THROWS_AS(fill("# if PART\n", {}), Error);
}
