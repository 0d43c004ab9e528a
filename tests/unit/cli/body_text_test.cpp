#include "cli/body_text.hpp"

#include <doctest/doctest.h>

#include "forge/body.hpp"

using namespace changeling;
using cli::readable_body;

TEST_CASE("a body is read without its comments and tags") {
  CHECK(readable_body("one <!-- x -->\n<details><summary>two</summary>\n") == "one \ntwo\n");
  CHECK(readable_body("<!-- a\nb -->x\n\n\n\n\ny <!-- no end") == "x\n\ny\n");
  CHECK(readable_body("") == "\n");
}

TEST_CASE("signs that a page needs are shown as what they stand for, once") {
  CHECK(readable_body("Output of <code>a &lt; b &amp;&amp; c</code>") == "Output of `a < b && c`\n");
  CHECK(readable_body("&amp;lt; &quot; &#60; <b>x</b>") == "&lt; &quot; &#60; <b>x</b>\n");
  CHECK(readable_body("&lt;!-- seen --&gt;") == "<!-- seen -->\n");
}

TEST_CASE("code stays as it is written") {
  CHECK(readable_body("`&lt;code>` and ``a ` <!-- b -->`` &lt;") == "`&lt;code>` and ``a ` <!-- b -->`` <\n");
  CHECK(readable_body("a ` &lt; b\n`&lt;") == "a ` < b\n`<\n");
  const std::string block = "~~~~ html\n<code>&amp;</code>\n\n\n\n~~~\n<!-- x -->\n~~~~\n";
  CHECK(readable_body("before\n" + block + "&gt;") == "before\n" + block + ">\n");
  CHECK(readable_body("```\n&lt; without an end") == "```\n&lt; without an end\n");
  CHECK(readable_body("    ```\n&lt;") == "```\n<\n");
}

TEST_CASE("what we compose reads well") {
  forge::BodyContent content;
  content.summary = "Mends <b>a</b> & b.";
  content.changeling = "sprite";
  content.run = "abcdefgh";
  store::VerificationResult check;
  check.command = "test 1 -lt 2 && echo '<ok>'";
  check.passed = true;
  check.output = "<ok>\n";
  content.verification = {check};
  const std::string text = readable_body(forge::compose_body(content));
  CHECK(text.starts_with("Mends <b>a</b> & b.\n\n### Verification\n\n- "));
  CHECK(text.find("Output of `test 1 -lt 2 && echo '<ok>'`\n\n```text\n<ok>\n```\n\n---\n") !=
        std::string::npos);
  for (const char* sign : {"<code>", "<details>", "<summary>", "<!--", "&lt;", "&amp;", "\n\n\n"}) {
    CAPTURE(sign);
    CHECK(text.find(sign) == std::string::npos);
  }
}
