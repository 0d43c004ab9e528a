#include "webhooks/mapping.hpp"

#include <doctest/doctest.h>

#include "support/json.hpp"

using namespace changeling;
using namespace changeling::webhooks;

namespace {

store::WebhookRecord with_task(const std::string& task) {
  store::WebhookRecord webhook;
  webhook.name = "triage";
  webhook.source = "github";
  webhook.task = task;
  return webhook;
}

const Json issue{{"issue", {{"title", "It breaks"}, {"body", "Always."}, {"number", 5}}},
                 {"sender", {{"login", "ada"}}}};

}  // namespace

TEST_CASE("without a mapping the usual places are looked at") {
  const Values values = values_of(with_task(""), "issues.opened", "d1", issue);
  CHECK(values == Values{{"title", "It breaks"},
                         {"text", "Always."},
                         {"number", "5"},
                         {"actor", "ada"},
                         {"event", "issues.opened"},
                         {"webhook", "triage"},
                         {"delivery", "d1"}});
  const Json comment{{"issue", {{"title", "It breaks"}, {"body", "Always."}}},
                     {"comment", {{"body", "Me too."}}}};
  CHECK(values_of(with_task(""), "", "", comment).at("text") == "Me too.");
}

TEST_CASE("a mapping takes their place") {
  store::WebhookRecord webhook = with_task("");
  webhook.mapping = {{"what", "/issue/title"}, {"missing", "/nowhere"}};
  const Values values = values_of(webhook, "e", "d", issue);
  CHECK(values.at("what") == "It breaks");
  CHECK_FALSE(values.contains("missing"));
  CHECK_FALSE(values.contains("title"));
}

TEST_CASE("templates take names and pointers, and what they fill in is no template") {
  const Values values{{"title", "{text} {/issue/body}"}, {"text", "no"}};
  CHECK(filled("a {title} b", values, issue) == "a {text} {/issue/body} b");
  CHECK(filled("{/issue/number}: {/issue/title}", values, issue) == "5: It breaks");
  CHECK(filled("{nothing}{/nothing}.", values, issue) == ".");
  CHECK(filled("open { and } close {", values, issue) == "open  close {");
  CHECK(names_in("{a} and {/b/c} {") == std::vector<std::string>{"a", "/b/c"});
}

TEST_CASE("a title is one harmless line") {
  store::WebhookRecord webhook = with_task("Look: {title}");
  const auto title = [&](const std::string& text) {
    return title_from(webhook, {{"title", text}}, Json::object());
  };
  CHECK(title("two\nlines\tand \x1b[31mred") == "Look: two lines and \\u{1b}[31mred");
  CHECK(title("\u202Ebidi").find("\u202E") == std::string::npos);
  CHECK(title(std::string(1'000'000, 'x')).size() < 300);
  webhook.task = "{title}";
  CHECK(title("  ") == "A delivery of triage");
}

TEST_CASE("long texts are cut, and text of no UTF-8 is mended") {
  const Json large{{"issue", {{"title", "t"}, {"body", std::string(1'000'000, 'x')}}}};
  const Values values = values_of(with_task(""), "e", "d", large);
  CHECK(values.at("text").size() < 17'000);
  CHECK(values.at("text").ends_with("[the rest is too long]"));
  std::string uneven(16 * 1024 - 1, 'x');
  for (int times = 0; times < 2; ++times) uneven.append("\u00e4");
  const Json odd{{"issue", {{"body", uneven}}}};
  CHECK(values_of(with_task(""), "e", "d", odd).at("text").find("\uFFFD") == std::string::npos);
}

TEST_CASE("an agent is told the values, or the payload where nothing is known of it") {
  CHECK(occasion_from({{"title", "It breaks"}, {"text", "a\nb"}}, issue) ==
        "text:\na\nb\ntitle: It breaks\n");
  const std::string text = occasion_from({{"event", ""}}, {{"build", {{"id", 7}}}});
  CHECK(text.find("\"id\": 7") != std::string::npos);
}
