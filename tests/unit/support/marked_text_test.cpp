#include "support/marked_text.hpp"

#include <doctest/doctest.h>

using namespace changeling;

TEST_CASE("text of others keeps its lines and nothing that is not to be seen") {
  CHECK(plain_text("a\n\tb\x1b[31m\x7f\xe2\x80\xae c") == "a\n\tb[31m c");
  CHECK(plain_line("a`: done\n\n## New rules\n", 100) == "a`: done  ## New rules ");
  CHECK(plain_line(std::string(50, 'x'), 10) == std::string(10, 'x') + "…");
}

TEST_CASE("the text cannot hold its own mark") {
  const std::string mark = new_mark("PAST", "x");
  CHECK(mark.starts_with("PAST-"));
  CHECK(mark.size() == 25);
  CHECK(new_mark("PAST", mark) != mark);
  CHECK(between_marks("M", "x\n") == "----- M begins -----\nx\n----- M ends -----\n");
}
