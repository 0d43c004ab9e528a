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

TEST_CASE("a coloured diff commands no terminal, whatever is in it") {
  const std::string diff = cli::colored_diff("+a\x1B]0;x\a\tb\n", true);
  CHECK(harmless_on_terminal(diff) == "\x1B[32m+a\\u{1b}]0;x\\u{7}\tb\x1B[m\n");
}
