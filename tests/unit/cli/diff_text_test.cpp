#include "cli/diff_text.hpp"

#include <doctest/doctest.h>

using namespace changeling;

TEST_CASE("file names are written as git writes them") {
  const auto shown = [](const std::string& path) {
    git::FileChange change;
    change.path = path;
    return cli::change_summary({change}, Terminal{});
  };
  CHECK(shown("src/a b.c").starts_with(" src/a b.c  "));
  CHECK(shown("größe").starts_with(" größe  "));
  CHECK(shown("n\x1B[2J\nF").starts_with(R"( "n\033[2J\nF"  )"));
  CHECK(shown(R"(say "\")").starts_with(R"( "say \"\\\""  )"));
}

TEST_CASE("neither a body nor a coloured diff commands the terminal") {
  CHECK(cli::readable_body("one \x1B[2J\n\ttwo\x7F!\n") == "one  [2J\n\ttwo !\n");
  CHECK(cli::colored_diff("+a\x1B]0;x\a\tb\n", true).find("a ]0;x \tb") != std::string::npos);
  // What is not for people stays as it is: it may be applied.
  CHECK(cli::colored_diff("+a\x1B\n", false) == "+a\x1B\n");
}
