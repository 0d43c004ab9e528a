#include "cli/output.hpp"

#include <doctest/doctest.h>

using changeling::cli::harmless;

TEST_CASE("a message commands no terminal") {
  CHECK(harmless("a\x1B[31mb\rc\td") == "a\\u{1b}[31mb c\td");
  // Only a message of ours begins a line.
  CHECK(harmless("one\ntwo\n\nthree") == "one\n  two\n\n  three");
  CHECK(harmless("\none\ntwo") == "\none\n  two");
  CHECK(harmless("").empty());
}

TEST_CASE("of a number without end the beginning is shown") {
  CHECK(harmless("'" + std::string(309, '9') + "' is no number") == "'99999999999999999999…' is no number");
  CHECK(harmless("run 20261120, 12 and " + std::string(64, '1')) ==
        "run 20261120, 12 and " + std::string(64, '1'));
  CHECK(harmless(std::string(65, '1')) == "11111111111111111111…");
}
