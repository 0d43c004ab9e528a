#include "git/moved_line.hpp"

#include <doctest/doctest.h>

#include <string>

using changeling::git::moved_line;

namespace {

std::string lines(int from, int to) {
  std::string text;
  for (int number = from; number <= to; ++number) text += "line " + std::to_string(number) + "\n";
  return text;
}

}  // namespace

TEST_CASE("a line is found again behind what was added and removed") {
  const std::string before = lines(1, 40);
  CHECK(moved_line(before, before, 7) == 7);
  CHECK(moved_line(before, "new\nnew\n" + before, 1) == 3);
  CHECK(moved_line(before, "new\nnew\n" + before, 40) == 42);
  CHECK(moved_line(before, lines(5, 40), 5) == 1);
  CHECK(moved_line(before, lines(5, 40), 40) == 36);
  CHECK(moved_line(before, lines(1, 10) + "new\n" + lines(11, 30) + lines(35, 40), 20) == 21);
  CHECK(moved_line(before, lines(1, 10) + "new\n" + lines(11, 30) + lines(35, 40), 10) == 10);
  CHECK(moved_line(before, lines(1, 10) + "new\n" + lines(11, 30) + lines(35, 40), 38) == 35);
}

TEST_CASE("a line that was changed or removed is nowhere") {
  const std::string before = lines(1, 40);
  CHECK_FALSE(moved_line(before, lines(5, 40), 4).has_value());
  CHECK_FALSE(moved_line(before, lines(1, 19) + "other\n" + lines(21, 40), 20).has_value());
  CHECK(moved_line(before, lines(1, 19) + "other\n" + lines(21, 40), 21) == 21);
  CHECK_FALSE(moved_line(before, "", 3).has_value());
  CHECK_FALSE(moved_line("only", "other", 1).has_value());
  CHECK(moved_line("one\nlast", "zero\none\nlast\nmore\n", 1) == 2);
}
