#include "cli/editor.hpp"

#include <doctest/doctest.h>

using namespace changeling;
using namespace changeling::cli;

TEST_CASE("an error above a text can be taken off again") {
  const Error error(ErrorKind::Invalid, "file.toml:3:1: rnn: unknown key\nsecond line",
                    "did you mean 'run'?");
  for (const std::string text :
       {"run = 1\n", "# a comment of mine\nrun = 1\n", "", "no newline at the end", "\n\n"}) {
    CAPTURE(text);
    const std::string commented = with_error_comments(error, text);
    CHECK(commented.starts_with(
        "#! file.toml:3:1: rnn: unknown key\n#! second line\n#! did you mean 'run'?\n"));
    CHECK(commented.ends_with(text));
    CHECK(without_error_comments(commented) == text);
    CHECK(without_error_comments(text) == text);
  }
}
