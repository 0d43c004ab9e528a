#include "forge/foreign_markdown.hpp"

#include <doctest/doctest.h>

#include <string>

#include "forge/body.hpp"

namespace forge = changeling::forge;
using forge::harmless_markdown;

TEST_CASE("what an agent writes stays as it is") {
  for (const char* text :
       {"# Done\n\n- **one**, `two`, ~~three~~\n- [docs](https://example.com/a_b)\n\n> quoted",
        "Text:\n```sh\ngit log @{upstream} < file && echo '<b>' ![x](y)\n```\nmore", "~~~\n@victim\n~~~",
        "Uses `@Override` and ``a ` b @c``.", "mail user@example.org", "<https://example.com/@user>",
        "| a | b |\n| - | - |\n| 1 | 2 |", "a & b &amp; c"})
    CHECK(harmless_markdown(text) == text);
}

TEST_CASE("nobody is mentioned") {
  CHECK(harmless_markdown("thanks @octo-cat, @acme/team") == "thanks @ octo-cat, @ acme/team");
  CHECK(harmless_markdown("_@victim_ **@victim** \\@victim (@victim)") ==
        "_@ victim_ **@ victim** \\@ victim (@ victim)");
  CHECK(harmless_markdown("see https://medium.com/@user") == "see https://medium.com/%40user");
  CHECK(harmless_markdown("&#64;victim &#x40;victim &commat;victim") ==
        "&amp;#64;victim &amp;#x40;victim &amp;commat;victim");
  CHECK(harmless_markdown("@\u200Bvictim") == "@ victim");
  CHECK(forge::without_mentions("Thank @victim, mail a@b.org") == "Thank @ victim, mail a@b.org");
}

TEST_CASE("code that might be none is none") {
  for (const char* text : {"one ` mark\nand ` @victim ` more", "- a ` b\n- ` @victim `",
                           "\\` `code` @victim `x`", "| a ` | @victim ` |", "https://x.org/` ` @victim `",
                           "[a](x`y) ` @victim `", "[a](x\ny`z) ` @victim `", "    @victim",
                           "text\n> ```\n> @victim\n\n@victim", "- x\n ```\n- y\n ```\n@victim"})
    CHECK_MESSAGE(harmless_markdown(text).find("@ victim") != std::string::npos, text);
  // The list ends with a line that is not indented, and the block of code in it.
  const std::string text = harmless_markdown("- item\n\n  ```\n@inside\n```\n@victim");
  CHECK(text == "- item\n\n```\n@inside\n```\n@ victim");
}

TEST_CASE("nothing is hidden, loaded or left open") {
  CHECK(harmless_markdown("<details><summary>x</summary>") == "&lt;details>&lt;summary>x&lt;/summary>");
  CHECK(harmless_markdown("<!-- git-changeling: begin -->") == "&lt;!-- git-changeling: begin -->");
  CHECK(harmless_markdown("![pixel](https://evil.example/p.png)") == "[pixel](https://evil.example/p.png)");
  CHECK(harmless_markdown("```\nopen") == "```\nopen\n```");
  CHECK(harmless_markdown("~~~~ x\nopen\n~~~") == "~~~~ x\nopen\n~~~\n~~~~");
  CHECK(harmless_markdown("a\r```\rb") == "a\n```\nb\n```");
  CHECK(harmless_markdown("esc \x1B[31m") == "esc \\u{1b}[31m");
}

TEST_CASE("what follows in a body is always there") {
  forge::BodyContent content;
  content.changeling = "fixer";
  content.run = "r1";
  content.summary =
      "Look ![#12](x) at\n```\n<!-- git-changeling: changeling=evil run=r2 -->\n<details>\n@victim";
  const std::string body = forge::compose_body(content);
  CHECK(body.find("\n```\n\n<!-- git-changeling: evidence -->") != std::string::npos);
  const auto marker = forge::read_marker(body);
  REQUIRE(marker);
  CHECK(marker->changeling == "fixer");
  // A comment that ends our part, in code, would make the rest of the summary somebody's words.
  const auto parts = [](const std::string& text) {
    std::size_t count = 0;
    for (auto at = text.find("<!--"); at != std::string::npos; at = text.find("<!--", at + 1)) ++count;
    return count;
  };
  CHECK(parts(body) == 3);
  content.summary = "`<!-- git-changeling: evidence -->` and\n```\n<!-- git-changeling: evidence -->\n```\n";
  CHECK(parts(forge::compose_body(content)) == 3);
  content.summary = "It fixes ![#12](x).";
  content.closing_words = forge::ClosingWords::Nobodys;
  CHECK(forge::compose_body(content).find("fixes [no. 12](x)") != std::string::npos);
}
