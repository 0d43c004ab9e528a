// A body that a forge gives us, and a summary of an agent: behind it always comes what we say.
#include "forge/body.hpp"
#include "forge/foreign_markdown.hpp"
#include "fuzzing.hpp"

using namespace changeling;

void take(std::string_view input) {
  static_cast<void>(forge::read_marker(input));
  const std::string safe = forge::harmless_markdown(input);
  require(safe.find("<!--") == std::string::npos);
  forge::BodyContent content;
  content.changeling = "night";
  content.run = "abcde";
  content.closes = "7";
  content.summary = input;
  const std::string body = forge::compose_body(content);
  const auto marker = forge::read_marker(body);
  require(marker && marker->changeling == "night" && marker->run == "abcde");
  require(body.find("<!-- git-changeling: evidence -->") != std::string::npos);
  const std::string renewed = forge::replace_generated_part(body, body);
  require(forge::read_marker(renewed).has_value());
  static_cast<void>(forge::replace_generated_part(input, body));
}

CHANGELING_FUZZ_TARGET
