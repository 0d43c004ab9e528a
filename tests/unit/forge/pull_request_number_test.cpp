#include "forge/pull_request_number.hpp"

#include <doctest/doctest.h>

using changeling::forge::parse_pull_request_number;

TEST_CASE("the number of a pull request is taken in every form in which it is shown") {
  for (const char* word : {"12", "#12", "local:12", "012"}) CHECK(parse_pull_request_number(word) == 12);
}

TEST_CASE("anything else is no number of a pull request") {
  for (const char* word : {"", "#", "local:", "0", "-1", "+1", "1.0", "1 ", " 1", "##1", "local:#1",
                           "github:1", "one", "99999999999999999999", "1\n"}) {
    CAPTURE(word);
    CHECK_FALSE(parse_pull_request_number(word));
  }
}
