#include "changeling/name.hpp"

#include <doctest/doctest.h>

#include "changeling/toml_file.hpp"

using changeling::changeling_name_problem;

TEST_CASE("names are what people can read and a shell takes for a word") {
  for (const char* name : {"typo-sprite", "a", "night_2.0", "käfer", "a+b", "x@y", "仕事"}) {
    CAPTURE(name);
    CHECK_FALSE(changeling_name_problem(name));
  }
  for (const char* name :
       {"x;y", "x$y", "x`y", "x|y", "x&y", "x(y", "x)y", "x<y", "x>y",  "x'y",  "x\"y",
        "x{y", "x}y", "x!y", "x#y", "x=y", "x%y", "x]y", "x y", "x\ty", "x\ny", "x;touch${IFS}pwned;"}) {
    CAPTURE(name);
    CHECK(changeling_name_problem(name));
  }
}

TEST_CASE("names hold nothing that is not seen or turns the direction of writing") {
  for (const char* name : {"x\xc2\x85y", "x\xc2\x9by", "x\xe2\x80\x8by", "x\xe2\x80\xaey", "x\xe2\x81\xa6y",
                           "x\xef\xbb\xbfy", "x\xe2\x80\x8f", "x\xf3\xa0\x81\x81"}) {
    CAPTURE(name);
    CHECK(changeling_name_problem(name));
  }
}
