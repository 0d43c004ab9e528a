#include "forge/closing_words.hpp"

#include <doctest/doctest.h>

using changeling::forge::ClosingWords;
using changeling::forge::without_closing_words;

TEST_CASE("a reference behind a closing word becomes plain words, in every form that forges read") {
  const auto plain = [](const char* text) { return without_closing_words(text); };
  CHECK(plain("This closes #12.") == "This closes no. 12.");
  CHECK(plain("FIXES: #7") == "FIXES: no. 7");
  CHECK(plain("Resolved GH-9") == "Resolved no. 9");
  CHECK(plain("fix acme/widgets#3") == "fix acme/widgets no. 3");
  CHECK(plain("closes\n  **#4**") == "closes\n  **no. 4**");
  CHECK(plain("closes &#35;4, close \\#5") == "closes no. 4, close no. 5");
  CHECK(plain("implements [#4](x)") == "implements [no. 4](x)");
  CHECK(plain("Closes #1, #2 and issue #3") == "Closes no. 1, no. 2 and issue no. 3");
  CHECK(plain("Closing issues #1") == "Closing issues no. 1");
  CHECK(plain("fixes https://github.com/acme/widgets/issues/5, now") ==
        "fixes what is at https://github.com/acme/widgets/issues/5, now");
}

TEST_CASE("what closes nothing stays as it was written") {
  for (const char* text : {"See #12, and prefix #3", "closed the window", "fix the #hash", "Fix: handle 404s",
                           "it encloses #4", "closes", "", "resolve conflicts in src/a.c"})
    CHECK(without_closing_words(text) == text);
}

TEST_CASE("one line of a changeling's own may close one issue") {
  const auto own = [](const char* text) { return without_closing_words(text, ClosingWords::OneOwnLine); };
  CHECK(own("Fixes #12\n\nThe cause.") == "Fixes #12\n\nThe cause.");
  CHECK(own("The cause closes #3.\nFixes: #12.\nFixes #13") ==
        "The cause closes no. 3.\nFixes: #12.\nFixes no. 13");
  CHECK(own("Fixes acme/other#12") == "Fixes acme/other no. 12");
}
