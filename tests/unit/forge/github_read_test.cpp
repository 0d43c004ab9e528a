#include "forge/github.hpp"

#include <doctest/doctest.h>

#include "github_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;

TEST_CASE_FIXTURE(Fixture, "closing gives the reason, and closing again does nothing") {
  http.answers_json(200, pull(7, "changelings/typo-sprite/r1"))
      .answers_json(200, pull(7, "changelings/typo-sprite/r1", {{"state", "closed"}}))
      .answers_json(201, {{"id", 1}, {"body", "too noisy"}})
      .answers_json(200, pull(7, "changelings/typo-sprite/r1", {{"state", "closed"}}));
  forge().close(7, "too noisy");
  CHECK(http.body(1).dump() == R"({"state":"closed"})");
  CHECK(http.body(2).dump() == R"({"body":"too noisy"})");
  forge().close(7, "again");
  CHECK(http.finished());
}

TEST_CASE_FIXTURE(Fixture, "a merged one cannot be closed") {
  http.answers_json(200, pull(7, "changelings/typo-sprite/r1",
                              {{"state", "closed"}, {"merged_at", "2026-11-19T00:00:00Z"}}));
  CHECK_THROWS_AS(forge().close(7, "too late"), Error);
  CHECK(http.requests.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "all pages are read, and only ours are shown") {
  http.answers_json(200,
                    list({pull(5, "changelings/typo-sprite/r1"), pull(4, "feature"),
                          pull(3, "other", {{"body", marked_body("doc-reporter")}})}),
                    {{"link",
                      "<https://api.github.com/repositories/1/pulls?page=2>; rel=\"next\", "
                      "<https://api.github.com/repositories/1/pulls?page=2>; rel=\"last\""}})
      .answers_json(
          200,
          list({pull(1, "changelings/a/b", {{"head", {{"repo", {{"full_name", "mallory/widgets"}}}}}}),
                pull(2, "changelings/a/b", {{"head", {{"repo", {{"full_name", "ACME/Widgets"}}}}}})}),
          {{"link", "<https://api.github.com/repositories/1/pulls?page=1>; rel=\"prev\""}});
  const auto found = forge().open_pull_requests();
  REQUIRE(found.size() == 2);
  CHECK(found[0].number == 2);
  CHECK(found[0].changeling == "a");
  CHECK(found[1].changeling == "typo-sprite");
  CHECK(http.lines()[1] == "GET /repositories/1/pulls?page=2");
}

TEST_CASE_FIXTURE(Fixture, "the token does not follow a page to another server") {
  http.answers_json(200, list({}), {{"link", "<https://evil.example/pulls?page=2>; rel=\"next\""}});
  CHECK_THROWS_AS(forge().open_pull_requests(), Error);
  CHECK(http.requests.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "finding tells a missing pull request from a missing repository") {
  http.answers_json(200, pull(7, "x", {{"state", "closed"}, {"merged_at", "2026-11-19T00:00:00Z"}}));
  CHECK(forge().find(7)->state == "merged");
  http.answers_json(404, refusal("Not Found")).answers_json(200, {{"full_name", "acme/widgets"}});
  CHECK_FALSE(forge().find(8));
  http.answers_json(404, refusal("Not Found")).answers_json(404, refusal("Not Found"));
  CHECK_THROWS_AS(forge().find(8), Error);
}

TEST_CASE_FIXTURE(Fixture, "the list shows open ones, then the newest others") {
  http.answers_json(200, list({pull(5, "changelings/a/1")}))
      .answers_json(
          200,
          list({pull(4, "changelings/a/2", {{"state", "closed"}}), pull(3, "x", {{"state", "closed"}}),
                pull(2, "changelings/a/3", {{"state", "closed"}}),
                pull(1, "changelings/a/4", {{"state", "closed"}})}),
          {{"link", "<https://api.github.com/never>; rel=\"next\""}});
  const auto found = forge().list(2);
  REQUIRE(found.size() == 3);
  CHECK(found[0].number == 5);
  CHECK(found[2].number == 2);
}

TEST_CASE_FIXTURE(Fixture, "rejected changes are those of our closed, unmerged pull requests") {
  const Json closed = {{"state", "closed"}};
  const auto with = [&](const std::string& patch, const Json& more = Json::object()) {
    Json changes = {{"state", "closed"}, {"body", marked_body("typo-sprite", patch)}};
    changes.update(more);
    return changes;
  };
  http.answers_json(
      200, list({pull(1, "changelings/typo-sprite/1", with("p1")),
                 pull(2, "changelings/typo-sprite/2", with("p2", {{"merged_at", "2026-11-19T00:00:00Z"}})),
                 pull(3, "changelings/other/3", with("p3")),
                 pull(4, "changelings/typo-sprite/4",
                      with("p4", {{"head", {{"repo", {{"full_name", "mallory/widgets"}}}}}})),
                 pull(5, "changelings/typo-sprite/5", closed)}));
  CHECK(forge().rejected_patch_ids("typo-sprite") == std::vector<std::string>{"p1"});
}

TEST_CASE_FIXTURE(Fixture, "an issue is filed once") {
  http.breaks().answers_json(
      200, list({{{"title", "T"}, {"body", "other"}},
                 {{"title", "T"}, {"body", "B"}, {"html_url", "https://github.com/acme/widgets/issues/4"}}}));
  CHECK(forge().open_issue("T", "B", {"bug"}) == "https://github.com/acme/widgets/issues/4");
  CHECK(http.body(0).dump() == R"({"body":"B","labels":["bug"],"title":"T"})");
  http.answers_json(410, refusal("Issues are disabled for this repo"));
  try {
    forge().open_issue("T", "B", {});
    FAIL("filed");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Refused);
  }
}

TEST_CASE("the next page of a Link header") {
  CHECK(next_link("<https://a/?page=1>; rel=\"prev\", <https://a/?page=3&x=1,2>; rel=\"next\"") ==
        "https://a/?page=3&x=1,2");
  CHECK(next_link("<https://a/?page=2>; foo=bar; rel=next") == "https://a/?page=2");
  CHECK_FALSE(next_link("<https://a/?page=1>; rel=\"last\""));
  CHECK_FALSE(next_link("nonsense"));
  CHECK_FALSE(next_link(""));
}
