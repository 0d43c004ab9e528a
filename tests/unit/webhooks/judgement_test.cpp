#include "webhooks/judgement.hpp"

#include <doctest/doctest.h>

#include "support/json.hpp"
#include "webhooks/source_forge.hpp"

using namespace changeling;
using namespace changeling::webhooks;

TEST_CASE("a webhook wants its events and what its conditions say") {
  store::WebhookRecord webhook;
  const Json payload{{"label", {{"name", "bug"}}}, {"n", 3}};
  CHECK(reason_to_ignore(webhook, "anything", payload) == "");
  webhook.events = {"issues.labeled", "push"};
  CHECK(reason_to_ignore(webhook, "issues.labeled", payload) == "");
  CHECK(reason_to_ignore(webhook, "push", payload) == "");
  CHECK(reason_to_ignore(webhook, "issues", payload) == "the event is issues");
  CHECK(reason_to_ignore(webhook, "", payload) == "it does not say which event it is");
  webhook.events = {"issues"};
  CHECK(reason_to_ignore(webhook, "issues.labeled", payload) == "");
  CHECK(reason_to_ignore(webhook, "issuesx", payload) == "the event is issuesx");
  webhook.conditions = {{"/label/name", "bug"}, {"/n", "3"}};
  CHECK(reason_to_ignore(webhook, "issues", payload) == "");
  webhook.conditions["/label/name"] = "feature";
  CHECK(reason_to_ignore(webhook, "issues", payload) == "/label/name is 'bug'");
  webhook.conditions = {{"/who", "me"}};
  CHECK(reason_to_ignore(webhook, "issues", payload) == "there is no /who");
}

TEST_CASE("what our own requests cause starts nothing") {
  const BranchPrefix branches;
  CHECK(own_work({{"issue", {{"body", "<!-- not ours -->"}}}}, branches) == "");
  CHECK(own_work({{"pull_request", {{"body", "x <!-- git-changeling: changeling=a run=b -->"}}}}, branches) !=
        "");
  CHECK(own_work({{"comment", {{"body", "<!-- git-changeling-claim: worker=w -->"}}}}, branches) != "");
  CHECK(own_work({{"ref", "refs/heads/changelings/fairy/abcdefgh"}}, branches) != "");
  CHECK(own_work({{"ref", "refs/heads/main"}}, branches) == "");
  CHECK(own_work({{"pull_request", {{"head", {{"ref", "changelings/fairy/abcdefgh"}}}}}}, branches) != "");
  CHECK(own_work({{"workflow_run", {{"head_branch", "changelings/fairy/abcdefgh"}}}}, branches) != "");
}

TEST_CASE("who caused it is an id") {
  const SourceRow& github = find_source("github");
  const auto actor = actor_of(github, {{"sender", {{"id", 12}, {"login", "ada"}}}});
  REQUIRE(actor.has_value());
  CHECK(actor->id == "12");
  CHECK(actor->login == "ada");
  CHECK_FALSE(actor_of(github, {{"sender", {{"login", "ada"}}}}).has_value());
  CHECK_FALSE(actor_of(find_source("slack"), {{"sender", {{"id", 12}}}}).has_value());
}

TEST_CASE("the answer about a permission must be about the same id, and a name means nothing") {
  const auto answer = [](const Json& id, const char* word) {
    return Json{{"permission", word}, {"user", {{"id", id}, {"login", "helper[bot]"}}}};
  };
  const Actor actor{"12", "helper[bot]"};
  CHECK(grants_writing(answer(12, "write"), actor));
  CHECK(grants_writing(answer(12, "admin"), actor));
  CHECK(grants_writing(answer(12, "owner"), actor));
  CHECK_FALSE(grants_writing(answer(12, "read"), actor));
  CHECK_FALSE(grants_writing(answer(12, "none"), actor));
  CHECK_FALSE(grants_writing(answer(13, "admin"), actor));
  CHECK_FALSE(grants_writing(answer("12 ", "admin"), actor));
  CHECK_FALSE(grants_writing(Json::object(), actor));
}

TEST_CASE("what a delivery is about") {
  const auto subject = subject_of({{"issue", {{"number", 5}, {"state", "open"}}}});
  REQUIRE(subject.has_value());
  CHECK(subject->field == "issue");
  CHECK(subject->number == 5);
  CHECK(subject->state == "open");
  CHECK(subject_of({{"pull_request", {{"number", 6}}}})->field == "pull_request");
  CHECK_FALSE(subject_of(Json::object()).has_value());
  CHECK_FALSE(subject_of({{"issue", {{"number", "5"}}}}).has_value());
  CHECK_FALSE(subject_of({{"issue", 5}}).has_value());
}

TEST_CASE("our own message in Slack starts nothing") {
  const BranchPrefix branches;
  const Json ours{{{"type", "header"}, {"block_id", "git-changeling"}},
                  {{"type", "section"}, {"block_id", "x"}}};
  const Json others{{{"type", "rich_text"}, {"block_id", "Uk3"}}, {{"type", "divider"}}, 5};
  CHECK(own_work({{"event", {{"type", "message"}, {"blocks", ours}}}}, branches) ==
        "/event/blocks has a mark of git-changeling");
  CHECK(own_work({{"event", {{"message", {{"blocks", ours}}}}}}, branches) != "");
  CHECK(own_work({{"event", {{"blocks", others}}}}, branches) == "");
  CHECK(own_work({{"event", {{"blocks", "git-changeling"}}}}, branches) == "");
  CHECK(own_work({{"event", Json::array({1})}}, branches) == "");
}
