#include "support/json.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"

using namespace changeling;

TEST_CASE("text that is not JSON is refused with the name of its source") {
  CHECK(parse_json("{\"a\":1}", "file")["a"] == 1);
  for (const char* text : {"", "{", "{\"a\":1} x", "nul", "\"\xFF\""}) {
    CHECK_THROWS_WITH_AS(parse_json(text, "runs/ab.json"), doctest::Contains("runs/ab.json: not JSON"),
                         Error);
  }
}

TEST_CASE("a number that no number can hold is refused with the name of its source") {
  for (const std::string& text : {std::string(309, '9'), std::string("{\"a\":1e999}")})
    CHECK_THROWS_WITH_AS(parse_json(text, "file:3"), "file:3: a number in it is too large", Error);
}

TEST_CASE("missing and null are nothing, another type is an error that names the key") {
  const Json object = parse_json(R"({"text":"x","whole":7,"part":1.5,"yes":true,"null":null,"list":["a","b"],
                                    "mixed":["a",1],"time":"2026-11-20T03:00:00Z"})",
                                 "test");
  CHECK(json_string(object, "text") == "x");
  CHECK(json_integer(object, "whole") == 7);
  CHECK(json_number(object, "whole") == 7.0);
  CHECK(json_number(object, "part") == 1.5);
  CHECK(json_bool(object, "yes") == true);
  CHECK(json_strings(object, "list") == std::vector<std::string>{"a", "b"});
  CHECK(json_timestamp(object, "time") == parse_timestamp("2026-11-20T03:00:00Z"));
  for (const char* key : {"null", "missing"}) {
    CHECK(json_string(object, key) == std::nullopt);
    CHECK(json_integer(object, key) == std::nullopt);
    CHECK(json_number(object, key) == std::nullopt);
    CHECK(json_bool(object, key) == std::nullopt);
    CHECK(json_timestamp(object, key) == std::nullopt);
    CHECK(json_strings(object, key).empty());
  }
  CHECK_THROWS_WITH_AS(json_string(object, "whole"), "whole: expected a string, found number", Error);
  CHECK_THROWS_WITH_AS(json_integer(object, "part"), "part: expected a whole number, found number", Error);
  CHECK_THROWS_AS(json_number(object, "text"), Error);
  CHECK_THROWS_AS(json_bool(object, "whole"), Error);
  CHECK_THROWS_AS(json_timestamp(object, "text"), Error);
  CHECK_THROWS_AS(json_strings(object, "mixed"), Error);
  CHECK_THROWS_AS(json_strings(object, "text"), Error);
  CHECK_THROWS_AS(json_string(Json::array(), "text"), Error);
  CHECK_THROWS_AS(json_string(Json("text"), "text"), Error);
}

TEST_CASE("a whole number that does not fit is refused instead of being cut") {
  CHECK(json_integer(parse_json(R"({"n":9007199254740992})", "test"), "n") == 9007199254740992);
  CHECK(json_integer(parse_json(R"({"n":-9007199254740992})", "test"), "n") == -9007199254740992);
  for (const char* number : {"9007199254740993", "-9007199254740993", "9223372036854775807",
                             "9223372036854775808", "-9223372036854775808", "18446744073709551615"}) {
    CAPTURE(number);
    CHECK_THROWS_AS(json_integer(parse_json("{\"n\":" + std::string(number) + "}", "test"), "n"), Error);
  }
}

TEST_CASE("lists and objects inside one another end somewhere, brackets in strings do not count") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK_NOTHROW(parse_json(nested(200), "test"));
  CHECK_THROWS_WITH_AS(parse_json(nested(201), "test"), doctest::Contains("deep"), Error);
  CHECK_THROWS_AS(parse_json(std::string(1'000'000, '['), "test"), Error);
  CHECK_NOTHROW(parse_json("\"" + std::string(500, '{') + "\\\"[\"", "test"));
}

TEST_CASE("optional values are written as null when they are missing") {
  CHECK(json_or_null(std::optional<int>()).is_null());
  CHECK(json_or_null(std::optional<int>(3)) == 3);
  CHECK(json_or_null(std::optional<Timestamp>()).is_null());
  CHECK(json_or_null(std::optional<Timestamp>(Timestamp{})) == "1970-01-01T00:00:00.000Z");
}
