#include "support/terminal_codes.hpp"

#include <doctest/doctest.h>

using changeling::without_terminal_codes;

TEST_CASE("what a program tells the terminal is no part of what it says") {
  CHECK(without_terminal_codes("plain, ünï") == "plain, ünï");
  CHECK(without_terminal_codes("\x1B[1;32mFixed\x1B[0m the \x1B[4:3mparser\x1B[m") == "Fixed the parser");
  CHECK(without_terminal_codes("\x1B[2K\x1B[1Gdone") == "done");
  CHECK(without_terminal_codes("\x1B]0;a title\adone") == "done");
  CHECK(without_terminal_codes("see \x1B]8;;https://x.example\x1B\\here\x1B]8;;\x1B\\") == "see here");
  CHECK(without_terminal_codes("\x1B(B\x1B=\x1B"
                               "7saved") == "saved");
}

TEST_CASE("a sequence without its end takes no other line along") {
  CHECK(without_terminal_codes("one\x1B]0;a title\ntwo") == "one\ntwo");
  CHECK(without_terminal_codes("one\x1B[31\ntwo") == "one\ntwo");
  CHECK(without_terminal_codes("one\x1B") == "one");
  CHECK(without_terminal_codes("one\x1B\ntwo") == "one\ntwo");
  CHECK(without_terminal_codes("one\x1B[") == "one");
  CHECK(without_terminal_codes("\x1B]0;x\x1B") == "");
}
