#include <doctest/doctest.h>

#include "changeling/toml_file.hpp"
#include "support/error.hpp"

using namespace changeling;

namespace {

FieldValue parse(const std::string& key, const std::vector<std::string>& words) {
  return parse_option_value(*find_field(key), words);
}

std::string message_of(const std::string& key, const std::vector<std::string>& words) {
  try {
    parse(key, words);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Usage);
    return error.what();
  }
  return "accepted";
}

using List = std::vector<std::string>;
using Map = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("words of the command line become values") {
  CHECK(parse("schedule", {"@daily"}) == FieldValue("@daily"));
  CHECK(parse("schedule", {""}) == FieldValue(""));
  CHECK(parse("schedule", {"@daily", "@weekly"}) == FieldValue("@weekly"));
  CHECK(parse("max_turns", {"12"}) == FieldValue(std::int64_t{12}));
  CHECK(parse("budget", {"2.5"}) == FieldValue(2.5));
  CHECK(parse("budget", {"$3"}) == FieldValue(3.0));
  CHECK(parse("verify", {"a b", "c"}) == FieldValue(List{"a b", "c"}));
  CHECK(parse("verify", {""}) == FieldValue(List{}));
  CHECK(parse("env", {"A=1", "B=x=y", "C="}) == FieldValue(Map{{"A", "1"}, {"B", "x=y"}, {"C", ""}}));
  CHECK(parse("env", {""}) == FieldValue(Map{}));
  CHECK(parse("output", {"report"}) == FieldValue("report"));
}

TEST_CASE("a flag sets the opposite of the default") {
  CHECK(parse("draft", {}) == FieldValue(true));
  CHECK(parse("draft", {"false"}) == FieldValue(false));
  CHECK(parse("enabled", {}) == FieldValue(false));
  CHECK(parse("enabled", {"false"}) == FieldValue(true));
  CHECK(message_of("draft", {"maybe"}) ==
        "option --draft: \"maybe\" is not allowed; allowed are true, false, or no value");
}

TEST_CASE("mistakes name the option") {
  CHECK(message_of("max_turns", {"5x"}) == "option --max-turns: \"5x\" is not a whole number");
  CHECK(message_of("max_turns", {"-5"}) ==
        "option --max-turns: -5 is negative; allowed are 0 (no limit) and more");
  CHECK(message_of("budget", {"cheap"}) ==
        "option --budget: \"cheap\" is not an amount of US dollars such as 2.50");
  CHECK(message_of("budget", {"nan"}).starts_with("option --budget: nan is not an amount"));
  CHECK(message_of("schedule", {"daily"}).starts_with("option --schedule: \"daily\" has 1 field"));
  CHECK(message_of("schedule", {}) == "option --schedule: needs a value: CRON");
  CHECK(message_of("env", {"A"}) == "option --env: \"A\" has no \"=\"; allowed is NAME=VALUE");
  CHECK(message_of("on", {"push"}).starts_with("option --on: \"push\" is not an event"));
  CHECK(message_of("labels", {"a", ""}) == "option --label: contains an empty string");
  CHECK(message_of("prompt", {"\xff"}) == "option --prompt: is not UTF-8 text");
  CHECK(message_of("output", {"reprot"}).starts_with("option --output: \"reprot\" is not allowed"));
}

TEST_CASE("a value of another kind is refused") {
  CHECK_THROWS_AS(check_field(*find_field("max_turns"), FieldValue("5")), Error);
  CHECK_THROWS_AS(check_field(*find_field("prompt"), FieldValue(true)), Error);
  CHECK_THROWS_AS(check_field(*find_field("budget"), FieldValue(std::int64_t{5})), Error);
}
