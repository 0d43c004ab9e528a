#include "webhooks/sources.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::webhooks;

TEST_CASE("a wrong source names the nearest") {
  const auto error = testing::error_of([] { find_source("gihub"); });
  REQUIRE(error.has_value());
  CHECK(std::string(error->what()).find("gihub") != std::string::npos);
  CHECK(error->hint().find("github") != std::string::npos);
}

TEST_CASE("event and id are where the source says") {
  const Json issue{{"action", "opened"}};
  CHECK(event_of(find_source("github"), {{"x-github-event", "issues"}}, issue) == "issues.opened");
  CHECK(event_of(find_source("github"), {{"x-github-event", "push"}}, Json::object()) == "push");
  CHECK(event_of(find_source("github"), {}, issue) == "");
  CHECK(event_of(find_source("gitlab"), {},
                 {{"object_kind", "issue"}, {"object_attributes", {{"action", "open"}}}}) == "issue.open");
  CHECK(event_of(find_source("slack"), {}, {{"event", {{"type", "app_mention"}}}}) == "app_mention");
  CHECK(event_of(find_source("jira"), {}, {{"webhookEvent", "jira:issue_created"}}) == "jira:issue_created");
  CHECK(delivery_id(find_source("github"), {{"x-github-delivery", "72d3162e"}}, "{}", Json::object()) ==
        "72d3162e");
  CHECK(delivery_id(find_source("slack"), {}, "{}", {{"event_id", "Ev1"}}) == "Ev1");
}

TEST_CASE("where the source gives no id, the body is it") {
  const std::string id = delivery_id(find_source("gitlab"), {}, "{}", Json::object());
  CHECK(id == "sha256-44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  CHECK(delivery_id(find_source("gitlab"), {}, "[]", Json::object()) != id);
  CHECK(delivery_id(find_source("github"), {{"x-github-delivery", std::string(201, 'a')}}, "{}", {}) == id);
}

TEST_CASE("a pointer finds text, and nothing where nothing is") {
  const Json payload{{"a", {{"b", "text"}, {"n", 5}, {"yes", true}, {"none", nullptr}}}, {"list", {1, 2}}};
  CHECK(text_at(payload, "/a/b") == "text");
  CHECK(text_at(payload, "/a/n") == "5");
  CHECK(text_at(payload, "/a/yes") == "true");
  CHECK(text_at(payload, "/list/1") == "2");
  CHECK(text_at(payload, "/list") == "[1,2]");
  for (const char* nothing :
       {"", "a", "/a/none", "/a/x", "/list/2", "/list/-", "/list/01", "/a/b/c", "/~", "/a~2"}) {
    CAPTURE(nothing);
    CHECK_FALSE(text_at(payload, nothing).has_value());
  }
}

TEST_CASE("where one id is signed and another is not, the signed one counts") {
  Headers headers{{"idempotency-key", "any"}, {"x-gitlab-token", "t"}};
  CHECK(delivery_id(find_source("gitlab"), headers, "{}", Json::object()) == "any");
  headers["webhook-signature"] = "v1,AAAA";
  headers["webhook-id"] = "signed";
  CHECK(delivery_id(find_source("gitlab"), headers, "{}", Json::object()) == "signed");
  headers["x-github-delivery"] = "72d3162e";
  CHECK(delivery_id(find_source("github"), headers, "{}", Json::object()) == "72d3162e");
}

TEST_CASE("the same body is a duplicate where the id is not signed") {
  const Headers with_signature{{"webhook-signature", "v1,AAAA"}, {"webhook-id", "signed"}};
  for (const char* word : {"github", "gitea", "jira", "linear"}) {
    CAPTURE(word);
    CHECK(same_body(find_source(word), {}) == SameBody::Duplicate);
    CHECK(same_body(find_source(word), with_signature) == SameBody::Duplicate);
  }
  CHECK(same_body(find_source("gitlab"), {}) == SameBody::Duplicate);
  CHECK(same_body(find_source("gitlab"), with_signature) == SameBody::Another);
  for (const char* word : {"standard", "slack", "generic"}) {
    CAPTURE(word);
    CHECK(same_body(find_source(word), {}) == SameBody::Another);
  }
}
