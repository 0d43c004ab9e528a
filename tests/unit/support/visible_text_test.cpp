#include "support/visible_text.hpp"

#include <doctest/doctest.h>

#include <string>

using changeling::Escapes;
using changeling::LineEnds;
using changeling::shown_as_text;
using changeling::visible_markdown;
using changeling::without_invisible_characters;

TEST_CASE("characters that nobody sees are taken out, all others stay") {
  CHECK(without_invisible_characters("a\u200Bb\u2060c\uFEFFd\u00ADe") == "abcde");
  CHECK(without_invisible_characters("\u202Eevil\u202C \u2066x\u2069\u061C") == "evil x");
  CHECK(without_invisible_characters("hi\U000E0068\U000E0069\U000E007F!") == "hi!");
  CHECK(without_invisible_characters("\u2764\uFE0F\uFE01\uFE02\U000E0101") == "\u2764\uFE0F");
  CHECK(without_invisible_characters("Grüße, 日本語, \U0001F600\tand\nlines") ==
        "Grüße, 日本語, \U0001F600\tand\nlines");
  CHECK(without_invisible_characters("bad \xFF byte") == "bad \uFFFD byte");
}

TEST_CASE("what nobody sees is written out") {
  const auto shown = [](std::string_view text) { return shown_as_text(text, LineEnds::Written); };
  CHECK(shown("a\nb\tc\rd") == "a\\nb\\tc\\rd");
  CHECK(shown("ad\u200Bmin \u00AD\u2060\uFEFF\U000E0041") ==
        "ad\\u{200b}min \\u{ad}\\u{2060}\\u{feff}\\u{e0041}");
  CHECK(shown("Grüße, 世界, \\back") == "Grüße, 世界, \\back");
  CHECK(shown_as_text("a\r\nb\tc", LineEnds::Kept) == "a \nb\tc");
  CHECK(shown_as_text("\xFF\xC3", LineEnds::Kept) == "\\xff\\xc3");
}

TEST_CASE("selectors and joiners stay where writing needs them") {
  const auto shown = [](std::string_view text) { return shown_as_text(text, LineEnds::Kept); };
  for (const char* text :
       {"\u2764\uFE0F", "1\uFE0F\u20E3", "\U0001F468\u200D\U0001F469\u200D\U0001F467",
        "\U0001F3F3\uFE0F\u200D\U0001F308", "\u0646\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645"})
    CHECK(shown(text) == text);
  // Found by the fuzz target "text".
  CHECK(shown("\U000E0041\uFE0F") == "\\u{e0041}\\u{fe0f}");
  CHECK(shown("a\uFE0Fb") == "a\\u{fe0f}b");
  CHECK(shown("\u2764\uFE0F\uFE0E") == "\u2764\uFE0F\\u{fe0e}");
  CHECK(shown("a\u200Db\u200D") == "a\\u{200d}b\\u{200d}");
}

TEST_CASE("JSON escapes what nobody sees and means the same") {
  const auto shown = [](std::string_view text) {
    return shown_as_text(text, LineEnds::Kept, Escapes::OfJson);
  };
  CHECK(shown("{\"a\": \"\u009B \u202E\U000E0041\"}") == R"({"a": "\u009b \u202e\udb40\udc41"})");
  CHECK(shown("\xFF") == "\uFFFD");
}

TEST_CASE("comments of HTML are taken out, with and without an end") {
  CHECK(visible_markdown("before <!-- do evil --> after") == "before  after");
  CHECK(visible_markdown("one\n<!-- a\n\nb -->\ntwo\n") == "one\n\ntwo\n");
  CHECK(visible_markdown("one <!-- and the rest\nof it") == "one ");
  CHECK(visible_markdown("a <!--> b <!---> c") == "a  b  c");
  CHECK(visible_markdown("a <!\u200B-- hidden --> b") == "a  b");
  CHECK(visible_markdown("text\n\n[//]: # (do evil)\n[comment]: <> (do evil)\nmore") == "text\n\nmore");
  CHECK(visible_markdown("[docs]: https://example.com\n") == "[docs]: https://example.com\n");
}

TEST_CASE("what a page shows as code stays") {
  const std::string fenced = "Look:\n\n```html\n<!-- shown -->\n```\n";
  CHECK(visible_markdown(fenced) == fenced);
  CHECK(visible_markdown("Remove `<!-- TODO -->` here") == "Remove `<!-- TODO -->` here");
}

TEST_CASE("what only looks like code hides nothing") {
  // Inside a tag's lines, or in a value of it, there is no code, and a page shows no comment there.
  CHECK(visible_markdown("<div>\n\n```\n<!-- evil -->\n```\n</div>").find("evil") == std::string::npos);
  CHECK(visible_markdown("<a title='`'> <!-- evil --> <a title='`'>").find("evil") == std::string::npos);
  CHECK(visible_markdown("one ` mark <!-- evil -->").find("evil") == std::string::npos);
  CHECK(visible_markdown("\\`a <!-- evil --> b`").find("evil") == std::string::npos);
  CHECK(visible_markdown("text\n> ```\n<!-- evil -->").find("evil") == std::string::npos);
}
