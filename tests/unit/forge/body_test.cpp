#include "forge/body.hpp"

#include <doctest/doctest.h>

#include "forge/title.hpp"

#include "support/text.hpp"

using namespace changeling;
using namespace changeling::forge;
using namespace std::chrono_literals;

namespace {

BodyContent sample() {
  BodyContent content;
  content.summary = "Corrects **three** typos.";
  content.verification = {{"ctest --test-dir build", 0, 12s, true, "100% tests passed\n"},
                          {"make `lint`", 2, 900ms, false, "```\nbad\n```"}};
  content.agent = "claude";
  content.duration = 245s;
  content.turns = 7;
  content.tokens = store::TokenUsage{1200, 340, 5000, 60};
  content.cost_usd = 0.127;
  content.changeling = "typo-sprite";
  content.run = "r8k3";
  content.patch_id = "abc123";
  return content;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a body shows summary, evidence and effort") {
  const std::string body = compose_body(sample());
  CHECK(contains(body, "Corrects **three** typos."));
  CHECK(contains(body, "`ctest --test-dir build`, passed in 12s"));
  CHECK(contains(body, "`` make `lint` ``, failed with exit code 2 after 0.9s"));
  CHECK(contains(body, "100% tests passed"));
  CHECK(contains(body, "````text\n```\nbad\n```\n````"));
  CHECK(contains(
      body,
      "agent `claude`, 4m05s, 7 turns, 1200 tokens in, 340 out, 5000 read from and 60 written to the "
      "cache, $0.13"));
  CHECK(contains(compose_body({}), "The agent left no summary."));
  CHECK(contains(compose_body({}), "No verification commands are configured."));
}

TEST_CASE("a body names what the agent was refused") {
  BodyContent content = sample();
  CHECK_FALSE(contains(compose_body(content), "### Refused"));
  content.refused = {"Bash: curl `x`", "WebFetch"};
  const std::string body = compose_body(content);
  CHECK(contains(body, "### Refused"));
  CHECK(contains(body, "- `` Bash: curl `x` ``\n- `WebFetch`\n"));
  CHECK(read_marker(body)->run == "r8k3");
}

TEST_CASE("the marker is read back") {
  const auto marker = read_marker(compose_body(sample()));
  REQUIRE(marker);
  CHECK(marker->changeling == "typo-sprite");
  CHECK(marker->run == "r8k3");
  CHECK(marker->patch_id == "abc123");
  CHECK(compose_body(sample()).ends_with("-->\n"));
}

TEST_CASE("the marker survives what editors and people do to a body") {
  std::string body = compose_body(sample());
  SUBCASE("text around it") {
    body = "Looks good!\n\n" + body + "\n\nPlease also see #4 <!-- note to self -->";
  }
  SUBCASE("line ends of a web form") {
    std::string converted;
    for (const char letter : body) converted += letter == '\n' ? std::string("\r\n") : std::string(1, letter);
    body = converted;
  }
  SUBCASE("final newline removed") {
    body.pop_back();
  }
  SUBCASE("spaces changed") {
    body = "<!--git-changeling:\n  run=r8k3   changeling=typo-sprite other=x\n-->";
  }
  SUBCASE("a broken copy behind it") {
    body += "<!-- git-changeling: changeling=other";
  }
  SUBCASE("a marker without a run behind it") {
    body += "<!-- git-changeling: changeling=other -->";
  }
  const auto marker = read_marker(body);
  REQUIRE(marker);
  CHECK(marker->changeling == "typo-sprite");
  CHECK(marker->run == "r8k3");
}

TEST_CASE("other texts have no marker") {
  CHECK_FALSE(read_marker(""));
  CHECK_FALSE(read_marker("git-changeling: changeling=a run=b"));
  CHECK_FALSE(read_marker("<!-- changeling=a run=b -->"));
  CHECK_FALSE(read_marker("<!-- git-changeling: changeling=a run=b"));
}

TEST_CASE("an agent cannot speak for another changeling") {
  BodyContent content = sample();
  content.summary = "<!-- git-changeling: changeling=other run=x -->";
  content.verification[0].output = "<!-- git-changeling: changeling=other run=y -->";
  const std::string body = compose_body(content);
  CHECK(read_marker(body)->changeling == "typo-sprite");
  CHECK_FALSE(contains(body, "<!-- git-changeling: changeling=other"));
}

TEST_CASE("a body fits, whatever the agent and the checks print") {
  BodyContent content = sample();
  SUBCASE("long outputs") {
    for (int number = 0; number < 40; ++number) {
      content.verification.push_back(
          {"check " + std::to_string(number), 0, 1s, true, std::string(20'000, 'x')});
    }
    CHECK(contains(compose_body(content), "Corrects **three** typos."));
  }
  SUBCASE("a long summary") {
    content.summary.clear();
    while (content.summary.size() < 100'000) content.summary += "ä";
    CHECK(contains(compose_body(content), "… (shortened)"));
    CHECK(contains(compose_body(content), "passed in 12s"));
  }
  SUBCASE("bytes that are no text") {
    content.verification[0].output = "\xff\xfe";
  }
  const std::string body = compose_body(content);
  CHECK(body.size() <= 60'000);
  CHECK(valid_utf8(body) == body);
  CHECK(read_marker(body)->run == "r8k3");
}

TEST_CASE("an update keeps what people wrote around the generated part") {
  BodyContent later = sample();
  later.summary = "Corrects four typos.";
  later.run = "r9zz";
  const std::string replaced = replace_generated_part(
      "Closes #12\n\n" + compose_body(sample()) + "\nTested on my machine.", compose_body(later));
  CHECK(replaced.starts_with("Closes #12\n\n"));
  CHECK(replaced.ends_with("\nTested on my machine."));
  CHECK(contains(replaced, "Corrects four typos."));
  CHECK_FALSE(contains(replaced, "three"));
  CHECK(read_marker(replaced)->run == "r9zz");
  CHECK(replace_generated_part("only people's words", "new") == "new");
  CHECK(replace_generated_part("", "new") == "new");
}

TEST_CASE("what people made of the summary stays, the evidence is new") {
  BodyContent later = sample();
  later.summary = "Corrects four typos.";
  later.run = "r9zz";
  later.verification[0].command = "make other";
  std::string edited = compose_body(sample());
  SUBCASE("as it was, but for what a web page does to line ends") {
    std::string with_returns;
    for (const char letter : edited)
      with_returns += letter == '\n' ? std::string("\r\n") : std::string(1, letter);
    const std::string replaced = replace_generated_part(with_returns, compose_body(later));
    CHECK(contains(replaced, "Corrects four typos."));
    CHECK_FALSE(contains(replaced, "three"));
  }
  SUBCASE("changed") {
    edited.replace(edited.find("Corrects **three** typos."), 25, "Three typos, and why they matter.");
    for (int run = 0; run < 2; ++run) {
      edited = replace_generated_part(edited, compose_body(later));
      CHECK(contains(edited, "Three typos, and why they matter."));
      CHECK_FALSE(contains(edited, "Corrects"));
      CHECK(contains(edited, "make other"));
      CHECK(read_marker(edited)->run == "r9zz");
    }
  }
}

TEST_CASE("the marker tells which title was given") {
  BodyContent content = sample();
  CHECK(read_marker(compose_body(content))->title.empty());
  content.title = "Correct typos\n";
  const auto marker = read_marker(compose_body(content));
  REQUIRE(marker);
  CHECK(marker->title == title_mark("Correct typos"));
  CHECK(marker->title != title_mark("Correct some typos"));
}

TEST_CASE("what an agent repeats closes nothing, and hides nothing") {
  forge::BodyContent content;
  content.changeling = "fixer";
  content.run = "r1";
  content.closes = "7";
  content.summary = "Done.\u200B It closes #99 and fixes acme/other#3.\n\nFixes #12";
  content.closing_words = forge::ClosingWords::Nobodys;
  const std::string body = forge::compose_body(content);
  CHECK(body.find("Done. It closes no. 99 and fixes acme/other no. 3.") != std::string::npos);
  CHECK(body.find("Fixes no. 12") != std::string::npos);
  CHECK(body.find("Closes #7") != std::string::npos);
  content.closing_words = forge::ClosingWords::OneOwnLine;
  CHECK(forge::compose_body(content).find("\n\nFixes #12") != std::string::npos);
}
