// How workers claim an issue, and who wins.

#include <doctest/doctest.h>

#include <algorithm>

#include "github_place.hpp"

using namespace changeling;
using namespace changeling::test;
using namespace changeling::work;

TEST_CASE("an issue is claimed with a comment, a label and an assignee") {
  Place place;
  place.issues.add(1, {"role-other"});
  place.issues.add(2, {"role-builder"}, {{"pull_request", {{"url", "x"}}}});
  place.issues.add(3, {"role-builder", "x"});
  GitHubSource source = place.source();
  const SourcedClaim claim = place.claimed(source);
  CHECK(claim.task.id == "github-3");
  CHECK(claim.task.source == "github:3");
  CHECK(claim.task.role == "builder");
  CHECK(claim.task.labels == std::vector<std::string>{"x"});
  CHECK(claim.task.description == "Do it.\n\nFrom https://forge/issues/1");
  CHECK(claim.token == 101);
  CHECK(place.issues.labels(3) == std::vector<std::string>{"role-builder", "x", claim_label});
  CHECK(place.issues.issues[3]["assignees"][0]["login"] == "bot");
  CHECK(place.issues.queries[0] == "state=open&sort=created&direction=asc&labels=role-builder&per_page=100");
  CHECK(source.holds(claim, "w1"));
  CHECK_FALSE(source.holds(claim, "w2"));
  // Neither this worker nor another one gets it again.
  CHECK(nothing(source.claim(builders, "w1")));
  GitHubSource other = place.source();
  CHECK(nothing(other.claim(builders, "w2")));
  CHECK(place.issues.comments.size() == 1);
}

TEST_CASE("of workers who come at once the earliest comment wins") {
  Place place;
  place.issues.add(1, {"role-builder"});
  GitHubSource first = place.source();
  GitHubSource second = place.source();
  std::vector<SourceClaim> seconds;
  bool inside = false;
  // The second one does everything between the first one's comment and its look at the comments.
  place.issues.before = [&](const std::string& line) {
    if (line != "GET /issues/1/comments" || inside) return;
    inside = true;
    seconds.push_back(second.claim(builders, "w2"));
  };
  const SourceClaim mine = first.claim(builders, "w1");
  REQUIRE(std::holds_alternative<SourcedClaim>(mine));
  REQUIRE(seconds.size() == 1);
  REQUIRE(std::holds_alternative<LostRace>(seconds[0]));
  CHECK(std::get<LostRace>(seconds[0]).winner == "w1");
  CHECK(place.issues.comments.size() == 1);
  CHECK(place.issues.comments.count(std::get<SourcedClaim>(mine).token) == 1);
}

TEST_CASE("workers of one name are told apart by their comments") {
  Place place;
  place.issues.add(1, {"role-builder"});
  GitHubSource first = place.source();
  GitHubSource second = place.source();
  bool inside = false;
  bool won = false;
  place.issues.before = [&](const std::string& line) {
    if (line != "POST /issues/1/labels" || inside) return;
    inside = true;
    won = std::holds_alternative<SourcedClaim>(second.claim(builders, "same"));
  };
  CHECK(std::holds_alternative<SourcedClaim>(first.claim(builders, "same")));
  CHECK_FALSE(won);
}

TEST_CASE("what a stranger writes is no claim") {
  Place place;
  place.issues.add(1, {"role-builder"});
  place.issues.comment(1, compose_claim("mallory", "n", std::chrono::hours(20), "x"), "mallory");
  GitHubSource source = place.source();
  const SourcedClaim claim = place.claimed(source);
  CHECK(place.issues.comments.size() == 2);
  CHECK(source.holds(claim, "w1"));
}

TEST_CASE("a claim of somebody whom the repository lets in counts") {
  Place place;
  place.issues.add(1, {"role-builder"});
  place.issues.comment(1, compose_claim("w0", "n", std::chrono::hours(1), "x"), "colleague", "MEMBER");
  GitHubSource source = place.source();
  const SourceClaim claim = source.claim(builders, "w1");
  REQUIRE(std::holds_alternative<LostRace>(claim));
  CHECK(std::get<LostRace>(claim).winner == "w0");
  CHECK(place.issues.bodies(1).size() == 1);
}

TEST_CASE("a claim that nobody renews is taken over, and its worker notices") {
  Place place;
  place.issues.add(1, {"role-builder"});
  GitHubSource dead = place.source();
  const SourcedClaim old = place.claimed(dead, "dead");
  GitHubSource source = place.source();
  place.pass(std::chrono::minutes(30));
  CHECK(nothing(source.claim(builders, "w1")));
  place.pass(std::chrono::minutes(6));
  const SourcedClaim claim = place.claimed(source);
  CHECK(place.issues.comments.size() == 1);
  CHECK_FALSE(dead.holds(old, "dead"));
  CHECK_THROWS_WITH_AS(dead.renew(old), "the claim of issue #1 was taken away", Error);
  dead.finish(old, failure("r0"));
  CHECK_THROWS_WITH_AS(dead.finish(old, success("r0")), "issue #1 is not dead's any more", Error);
  CHECK(source.holds(claim, "w1"));
  CHECK(place.issues.bodies(1).size() == 1);
}

TEST_CASE("a lease is made longer by asking, and only when half of it has passed") {
  Place place;
  place.issues.add(1, {"role-builder"});
  GitHubSource source = place.source();
  const SourcedClaim claim = place.claimed(source);
  for (int minute = 0; minute < 120; ++minute) {
    place.pass(std::chrono::minutes(1));
    CHECK(source.holds(claim, "w1"));
  }
  const auto edits =
      std::count(place.issues.lines.begin(), place.issues.lines.end(), "PATCH /issues/comments/101");
  CHECK(edits == 8);
  GitHubSource other = place.source();
  CHECK(nothing(other.claim(builders, "w2")));
}

TEST_CASE("clocks of workers do not decide a race") {
  Place place;
  place.issues.add(1, {"role-builder"});
  GitHubSource first = place.source();
  place.claimed(first);
  // A worker whose clock is a day ahead takes the claim for expired, and GitHub's times correct it.
  place.clock.time += std::chrono::hours(24);
  GitHubSource second = place.source();
  const SourceClaim claim = second.claim(builders, "w2");
  REQUIRE(std::holds_alternative<LostRace>(claim));
  CHECK(place.issues.comments.size() == 1);
}

TEST_CASE("issues of people, and those that wait for one, are left alone") {
  Place place;
  place.issues.add(1, {"role-builder"}, {{"assignees", {{{"login", "ada"}}}}});
  place.issues.add(2, {"role-builder", "changeling-in-review"});
  place.issues.add(3, {"role-builder", "Changeling-Failed"});
  GitHubSource source = place.source();
  CHECK(nothing(source.claim(builders, "w1")));
  CHECK(place.issues.lines == std::vector<std::string>{"GET /issues"});
}

TEST_CASE("what happens to the issue while it is being claimed undoes the claim") {
  const auto disturbed = [](const std::function<void(Json&)>& change) {
    Place place;
    place.issues.add(1, {"role-builder"});
    place.issues.before = [&](const std::string& line) {
      if (line == "GET /issues/1") change(place.issues.issues[1]);
    };
    GitHubSource source = place.source();
    const SourceClaim claim = source.claim(builders, "w1");
    REQUIRE(std::holds_alternative<LostRace>(claim));
    CHECK(place.issues.comments.empty());
    CHECK_FALSE(contains(place.issues.issues[1]["labels"].dump(), claim_label));
    return std::get<LostRace>(claim).winner + " " + place.issues.issues[1]["assignees"].dump();
  };
  CHECK(disturbed([](Json& issue) { issue["state"] = "closed"; }) == " []");
  CHECK(disturbed([](Json& issue) {
          issue["labels"].push_back({{"name", "changeling-in-review"}});
        }) == " []");
  CHECK(disturbed([](Json& issue) {
          issue["assignees"].push_back({{"login", "ada"}});
        }) == R"(ada [{"login":"ada"}])");
}

TEST_CASE("a claim's marker survives every name of a worker") {
  for (const std::string name : {"me@host", "a b", "--> <!--", "a=b", "ünï", "`x`", "%41"}) {
    const Json comment{
        {"id", 1},
        {"body", compose_claim(name, "n1", std::chrono::minutes(30), "2026-11-20T03:00:00.000Z")},
        {"user", {{"login", "bot"}}},
        {"created_at", "2026-11-20T03:00:00Z"},
        {"updated_at", "2026-11-20T03:10:00Z"}};
    const auto claim = read_claim(comment);
    REQUIRE(claim);
    CHECK(claim->worker == name);
    CHECK(claim->nonce == "n1");
    CHECK(claim->lease == std::chrono::minutes(30));
    CHECK(claim->renewed_at - claim->created_at == std::chrono::minutes(10));
  }
  CHECK_FALSE(read_claim({{"id", 1}, {"body", "words"}}));
  CHECK_FALSE(read_claim({{"id", 1}, {"body", "<!-- git-changeling-claim: worker=a"}}));
}
