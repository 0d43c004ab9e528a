#include "cli/output.hpp"

#include <doctest/doctest.h>

using changeling::cli::harmless;

TEST_CASE("a message commands no terminal") {
  CHECK(harmless("a\x1B[31mb\rc\td") == "a [31mb c d");
  CHECK(harmless("one\ntwo") == "one\ntwo");
  CHECK(harmless("").empty());
}

TEST_CASE("of a number without end the beginning is shown") {
  CHECK(harmless("'" + std::string(309, '9') + "' is no number") == "'99999999999999999999…' is no number");
  CHECK(harmless("run 20261120, 12 and " + std::string(64, '1')) ==
        "run 20261120, 12 and " + std::string(64, '1'));
  CHECK(harmless(std::string(65, '1')) == "11111111111111111111…");
}
