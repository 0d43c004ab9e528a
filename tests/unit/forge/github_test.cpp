#include "forge/github.hpp"

#include <doctest/doctest.h>

#include "github_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;

TEST_CASE_FIXTURE(Fixture, "requests carry the headers GitHub asks for, and a body only where there is one") {
  http.answers_json(200, list({})).answers_json(201, pull(7, "changelings/typo-sprite/r2"));
  forge().open(proposal(), warnings);
  const std::map<std::string, std::string> headers(http.requests[0].headers.begin(),
                                                   http.requests[0].headers.end());
  CHECK(headers.at("Authorization") == std::string("Bearer ") + secret);
  CHECK(headers.at("Accept") == "application/vnd.github+json");
  CHECK(headers.at("X-GitHub-Api-Version") == "2022-11-28");
  CHECK(headers.count("Content-Type") == 0);
  CHECK(http.requests[0].body.empty());
}

TEST_CASE_FIXTURE(Fixture, "opening looks first, then creates with labels and reviewers") {
  http.answers_json(200, list({}))
      .answers_json(201, pull(7, "changelings/typo-sprite/r2"))
      .answers_json(200, list({}))
      .answers_json(201, pull(7, "changelings/typo-sprite/r2"));
  Proposal wanted = proposal();
  wanted.labels = {"typo", "bot"};
  wanted.reviewers = {"ada", "acme/docs"};
  wanted.draft = true;
  const PullRequest opened = forge().open(wanted, warnings);
  CHECK(http.lines() == std::vector<std::string>{search, "POST /repos/acme/widgets/pulls",
                                                 "POST /repos/acme/widgets/issues/7/labels",
                                                 "POST /repos/acme/widgets/pulls/7/requested_reviewers"});
  CHECK(http.body(1) == Json({{"title", "Correct typos"},
                              {"head", "changelings/typo-sprite/r2"},
                              {"base", "main"},
                              {"body", wanted.body},
                              {"draft", true}}));
  CHECK(http.body(2).dump() == R"({"labels":["typo","bot"]})");
  CHECK(http.body(3).dump() == R"({"reviewers":["ada"],"team_reviewers":["docs"]})");
  CHECK(opened.number == 7);
  CHECK(opened.changeling == "typo-sprite");
  CHECK(opened.url == "https://github.com/acme/widgets/pull/7");
  CHECK(warnings.empty());
}

TEST_CASE_FIXTURE(Fixture, "an open one for the branch is updated instead") {
  http.answers_json(200, list({pull(7, "changelings/typo-sprite/r2",
                                    {{"labels", list({{{"name", "Typo"}}})},
                                     {"body", marked_body("typo-sprite", "", "Old title")}})}))
      .answers_json(200, pull(7, "changelings/typo-sprite/r2", {{"title", "Correct typos"}}));
  Proposal wanted = proposal();
  wanted.labels = {"typo"};
  CHECK(forge().open(wanted, warnings).title == "Correct typos");
  CHECK(http.lines() == std::vector<std::string>{search, "PATCH /repos/acme/widgets/pulls/7"});
  CHECK(http.body(1).size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "a title that people changed stays") {
  std::string body;
  SUBCASE("one that we gave with this body") {
    body = marked_body("typo-sprite", "", "Another title");
  }
  SUBCASE("one that nobody knows the origin of") {
    body = marked_body("typo-sprite");
  }
  http.answers_json(200, list({pull(7, "changelings/typo-sprite/r2", {{"body", body}})}))
      .answers_json(200, pull(7, "changelings/typo-sprite/r2"));
  CHECK(forge().open(proposal(), warnings).title == "Old title");
  CHECK_FALSE(http.body(1).contains("title"));
  CHECK(http.body(1).contains("body"));
}

TEST_CASE_FIXTURE(Fixture, "a pull request whose base was renamed or is another now is moved to it") {
  http.answers_json(200, pull(7, "changelings/typo-sprite/r2"))
      .answers_json(200, pull(7, "changelings/typo-sprite/r2"));
  Proposal wanted = proposal();
  wanted.base = "trunk";
  forge().update(7, wanted, warnings);
  CHECK(http.body(1)["base"] == "trunk");
}

TEST_CASE_FIXTURE(Fixture, "branches in a fork: its owner is named, and only what lies there is ours") {
  const auto in_fork = [](const std::string& full_name) {
    return Json{{"head", {{"repo", {{"full_name", full_name}}}}}};
  };
  fork = RemoteRepository{"github.com", "Ada", "widgets-fork"};
  SUBCASE("opening") {
    http.answers_json(200, list({pull(3, "changelings/typo-sprite/r2")}))
        .answers_json(201, pull(7, "changelings/typo-sprite/r2", in_fork("ada/widgets-fork")));
    const PullRequest opened = forge().open(proposal(), warnings);
    CHECK(opened.number == 7);
    CHECK(opened.changeling == "typo-sprite");
    CHECK(contains(http.lines()[0], "head=Ada%3Achangelings%2Ftypo-sprite%2Fr2"));
    CHECK(http.lines()[1] == "POST /repos/acme/widgets/pulls");
    CHECK(http.body(1)["head"] == "Ada:changelings/typo-sprite/r2");
    CHECK_FALSE(http.body(1).contains("head_repo"));
  }
  SUBCASE("a fork of the same owner") {
    fork->owner = "acme";
    http.answers_json(200, list({}))
        .answers_json(201, pull(7, "changelings/typo-sprite/r2", in_fork("acme/widgets-fork")));
    forge().open(proposal(), warnings);
    CHECK(http.body(1)["head"] == "acme:changelings/typo-sprite/r2");
    CHECK(http.body(1)["head_repo"] == "widgets-fork");
  }
  SUBCASE("listing") {
    http.answers_json(200, list({pull(3, "changelings/typo-sprite/r1"),
                                 pull(4, "changelings/typo-sprite/r2", in_fork("ada/widgets-fork")),
                                 pull(5, "changelings/typo-sprite/r3", in_fork("mallory/widgets-fork"))}));
    const auto open = forge().open_pull_requests();
    REQUIRE(open.size() == 1);
    CHECK(open.front().number == 4);
  }
}

TEST_CASE_FIXTURE(Fixture, "a server that ignores the head filter does not make us update somebody else's") {
  http.answers_json(200, list({pull(3, "other-branch"),
                               pull(4, "changelings/typo-sprite/r2",
                                    {{"head", {{"repo", {{"full_name", "mallory/widgets"}}}}}})}))
      .answers_json(201, pull(7, "changelings/typo-sprite/r2"));
  CHECK(forge().open(proposal(), warnings).number == 7);
}

TEST_CASE_FIXTURE(Fixture, "a broken connection while creating does not open two") {
  http.answers_json(200, list({})).breaks().answers_json(200, list({pull(7, "changelings/typo-sprite/r2")}));
  CHECK(forge().open(proposal(), warnings).number == 7);
  CHECK(http.lines() == std::vector<std::string>{search, "POST /repos/acme/widgets/pulls", search});
  CHECK(http.finished());
}

TEST_CASE_FIXTURE(Fixture, "a refusal as duplicate leads to the existing one") {
  http.answers_json(200, list({}))
      .answers_json(
          422,
          refusal(
              "Validation Failed",
              list({{{"resource", "PullRequest"},
                     {"code", "custom"},
                     {"message", "A pull request already exists for acme:changelings/typo-sprite/r2."}}})))
      .answers_json(200, list({pull(9, "changelings/typo-sprite/r2")}))
      .answers_json(200, pull(9, "changelings/typo-sprite/r2"));
  CHECK(forge().open(proposal(), warnings).number == 9);
  CHECK(http.lines().back() == "PATCH /repos/acme/widgets/pulls/9");
}

TEST_CASE_FIXTURE(Fixture, "every refusal is explained with a hint") {
  http.answers_json(200, list({}));
  SUBCASE("401") {
    http.answers_json(401, refusal("Bad credentials"));
    const Error error = opening_fails();
    CHECK(error.kind() == ErrorKind::External);
    CHECK(contains(error.what(), "does not accept the token from GH_TOKEN"));
  }
  SUBCASE("403 for a missing permission") {
    http.answers_json(403, refusal("Resource not accessible by personal access token"));
    const Error error = opening_fails();
    CHECK(contains(error.what(), "the token from GH_TOKEN may not open a pull request in acme/widgets"));
    CHECK(contains(error.hint(), "\"Pull requests: write\""));
  }
  SUBCASE("403 that names the permission") {
    http.answers_json(403, refusal("no"),
                      {{"x-accepted-github-permissions", "pull_requests=write; contents=read"}});
    CHECK(contains(opening_fails().hint(), "\"Pull requests: write\""));
  }
  SUBCASE("403 for single sign-on") {
    http.answers_json(403, refusal("no"),
                      {{"x-github-sso", "required; url=https://github.com/orgs/acme/sso?x=1"}});
    CHECK(contains(opening_fails().hint(), "https://github.com/orgs/acme/sso?x=1"));
  }
  SUBCASE("403 for too many requests") {
    http.answers_json(403, refusal("rate limit"), {{"retry-after", "1800"}});
    const Error error = opening_fails();
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(contains(error.hint(), "2026-11-20T03:30:00"));
  }
  SUBCASE("404") {
    http.answers_json(404, refusal("Not Found"));
    CHECK(contains(opening_fails().what(),
                   "acme/widgets does not exist on api.github.com, or the token from GH_TOKEN"));
  }
  SUBCASE("410") {
    http.answers_json(410, refusal("Gone"));
    CHECK(opening_fails().kind() == ErrorKind::Refused);
  }
  SUBCASE("451") {
    http.answers_json(451, refusal("Unavailable"));
    CHECK(contains(opening_fails().what(), "legal"));
  }
  SUBCASE("a moved repository is not followed") {
    http.answers_json(301, refusal("Moved Permanently"), {{"location", "https://evil.example/"}});
    CHECK(contains(opening_fails().hint(), "git remote set-url"));
  }
  SUBCASE("422 for a head that is not there") {
    http.answers_json(422,
                      refusal("Validation Failed",
                              list({{{"resource", "PullRequest"}, {"field", "head"}, {"code", "invalid"}}})));
    const Error error = opening_fails();
    CHECK(contains(error.what(), "changelings/typo-sprite/r2 is not a branch of acme/widgets"));
    CHECK(contains(error.hint(), "not been pushed"));
  }
  SUBCASE("422 for a base that is not there") {
    http.answers_json(422,
                      refusal("Validation Failed",
                              list({{{"resource", "PullRequest"}, {"field", "base"}, {"code", "invalid"}}})));
    CHECK(contains(opening_fails().what(), "base branch main does not exist"));
  }
  SUBCASE("422 without commits") {
    http.answers_json(422,
                      refusal("Validation Failed",
                              list({{{"code", "custom"}, {"message", "No commits between main and x"}}})));
    CHECK(contains(opening_fails().what(), "nothing to propose"));
  }
  SUBCASE("422 for drafts") {
    http.answers_json(422, refusal("Draft pull requests are not supported in this repository."));
    CHECK(contains(opening_fails().hint(), "draft = false"));
  }
  SUBCASE("422 for something else") {
    http.answers_json(
        422, refusal("Validation Failed",
                     list({{{"resource", "PullRequest"}, {"field", "title"}, {"code", "missing_field"}}})));
    CHECK(contains(opening_fails().what(), "PullRequest title is missing_field"));
  }
  SUBCASE("an answer that is no JSON") {
    http.answers(400, "<html>\x1b[31mproxy</html>");
    CHECK(contains(opening_fails().what(), "status 400"));
  }
  SUBCASE("a server that repeats the token and adds control characters") {
    http.answers_json(403, refusal(std::string("bad token ") + secret + "\n\x1b[31m"));
    const std::string message = opening_fails().what();
    CHECK(contains(message, "[redacted]"));
    CHECK_FALSE(contains(message, "\x1b"));
    CHECK_FALSE(contains(message, "\n"));
  }
  SUBCASE("5xx that stays") {
    for (int attempt = 0; attempt < 4; ++attempt) http.answers(502, "").answers_json(200, list({}));
    const Error error = opening_fails();
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(waits.size() == 3);
  }
}

TEST_CASE_FIXTURE(Fixture, "refused labels and reviewers become warnings") {
  http.answers_json(200, list({}))
      .answers_json(201, pull(7, "changelings/typo-sprite/r2"))
      .answers_json(403, refusal("no"))
      .answers_json(422, refusal("Reviews may only be requested from collaborators."))
      .answers_json(201, pull(7, "changelings/typo-sprite/r2"))
      .answers_json(422, refusal("Reviews may only be requested from collaborators."));
  Proposal wanted = proposal();
  wanted.labels = {"typo"};
  wanted.reviewers = {"ada", "stranger"};
  CHECK(forge().open(wanted, warnings).number == 7);
  REQUIRE(warnings.size() == 2);
  CHECK(contains(warnings[0], "the labels typo were refused"));
  CHECK(contains(warnings[1], "a review by stranger was refused"));
  CHECK(http.body(4).dump() == R"({"reviewers":["ada"]})");
}

TEST_CASE_FIXTURE(Fixture, "updating keeps people's words around the generated part") {
  const std::string body = "Closes #3\n\n" + marked_body("typo-sprite", "", "Old title");
  http.answers_json(200, pull(7, "changelings/typo-sprite/r1", {{"body", body}}))
      .answers_json(200, pull(7, "changelings/typo-sprite/r1", {{"draft", true}}));
  Proposal wanted = proposal();
  wanted.title = std::string(300, 'x') + "\nsecond line";
  forge().update(7, wanted, warnings);
  CHECK(http.lines()[1] == "PATCH /repos/acme/widgets/pulls/7");
  CHECK(http.body(1)["body"].get<std::string>().starts_with("Closes #3\n\n<!-- git-changeling: begin -->"));
  CHECK(http.body(1)["title"].get<std::string>().size() < 256);
  REQUIRE(warnings.size() == 1);
  CHECK(contains(warnings[0], "gh pr ready 7"));
}

TEST_CASE_FIXTURE(Fixture, "only our own open pull requests are updated and closed") {
  SUBCASE("from a fork, with our marker and our branch name") {
    http.answers_json(200, pull(7, "changelings/typo-sprite/r1",
                                {{"body", marked_body("typo-sprite")},
                                 {"head", {{"repo", {{"full_name", "mallory/widgets"}}}}}}));
  }
  SUBCASE("from a fork that is gone") {
    http.answers_json(200, pull(7, "changelings/typo-sprite/r1", {{"head", {{"repo", nullptr}}}}));
  }
  SUBCASE("without marker and branch name") {
    http.answers_json(200, pull(7, "feature"));
  }
  SUBCASE("with our marker on a branch of people's") {
    http.answers_json(200, pull(7, "main", {{"body", marked_body("typo-sprite")}}));
  }
  SUBCASE("whose base is its own branch") {
    http.answers_json(200, pull(7, "changelings/a/b", {{"base", {{"ref", "changelings/a/b"}}}}));
  }
  SUBCASE("update") {
    http.answers_json(200, pull(7, "feature"));
  }
  CHECK_THROWS_AS(forge().close(7, "no"), Error);
  CHECK(http.requests.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a closed one is not updated") {
  http.answers_json(200, pull(7, "changelings/typo-sprite/r1", {{"state", "closed"}}));
  try {
    forge().update(7, proposal(), warnings);
    FAIL("updated");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Conflict);
  }
}
