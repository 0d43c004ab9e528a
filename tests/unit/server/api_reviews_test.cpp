#include "api_fixture.hpp"
#include "store/records.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

namespace {

/// One open request whose branch adds a file.
struct Proposed : Api {
  Proposed() {
    place.git("commit -q --allow-empty -m base");
    place.git("switch -q -c changelings/sprite/run1");
    std::ofstream(place.path() / "new.txt") << "one\ntwo\n";
    place.git("add new.txt");
    place.git("commit -q -m work");
    store::PullRequestRecord pull;
    pull.number = 1;
    pull.changeling = "sprite";
    pull.branch = "changelings/sprite/run1";
    pull.base = "main";
    pull.head = project.repository().resolve("refs/heads/changelings/sprite/run1")->hex();
    place.git("switch -q main");
    project.store().update({"propose", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
      store::write_pull_request(change, pull);
    });
  }
  ApiAnswer say(const Json& comment) {
    return post("/pull-requests/1/reviews", {{"comments", Json::array({comment})}});
  }
};

}  // namespace

TEST_CASE("comments on lines are sent as one review, and shown as threads") {
  Proposed api;
  const std::string head = api.get("/pull-requests/1/diff").json.at("head");
  const std::string tag = api.get("/pull-requests/1/reviews").tag();
  const ApiAnswer added =
      api.post("/pull-requests/1/reviews",
               {{"verdict", "changes-requested"},
                {"text", "Not yet."},
                {"head", head},
                {"comments", Json::array({{{"file", "new.txt"}, {"line", 2}, {"text", "why?"}},
                                          {{"file", "new.txt"}, {"side", "new"}, {"text", "all of it"}}})}});
  INFO(added.text);
  REQUIRE(added.status == 201);
  CHECK(added.json.at("threads").size() == 2);
  CHECK(api.newest_message().find("Session: phone-1") != std::string::npos);
  const ApiAnswer shown = api.get("/pull-requests/1/reviews", {{"if-none-match", tag}});
  REQUIRE(shown.status == 200);
  CHECK(shown.json.at("changes_requested") == true);
  CHECK(shown.json.at("open_threads") == 2);
  CHECK(shown.json.at("threads").at(0).at("now") == Json{{"file", "new.txt"}, {"line", 2}});
  CHECK(shown.json.at("threads").at(1).at("line").is_null());
  CHECK(api.get("/pull-requests/1/reviews", {{"if-none-match", shown.tag()}}).status == 304);
  CHECK(api.get("/pull-requests").json.at("pull_requests").at(0).at("open_threads") == 2);
  CHECK(api.get("/pull-requests/2/reviews").status == 404);
}

TEST_CASE("a thread is resolved") {
  Proposed api;
  const std::string thread =
      api.say({{"file", "new.txt"}, {"line", 1}, {"text", "?"}}).json.at("threads").at(0);
  const ApiAnswer resolved = api.post("/pull-requests/1/threads/" + thread + "/resolve", nullptr);
  INFO(resolved.text);
  CHECK(resolved.status == 200);
  CHECK(api.get("/pull-requests/1/reviews").json.at("open_threads") == 0);
  CHECK(api.post("/pull-requests/1/threads/nonsense/resolve", nullptr).status == 404);
}

TEST_CASE("the same review is written once, however often it is sent") {
  Proposed api;
  const Json body{{"text", "once"}};
  const server::Headers key{{"idempotency-key", "review-1"}};
  const ApiAnswer first = api.post("/pull-requests/1/reviews", body, key);
  CHECK(api.post("/pull-requests/1/reviews", body, key).json == first.json);
  CHECK(api.get("/pull-requests/1/reviews").json.at("reviews").size() == 1);
}

TEST_CASE("a review that cannot be taken is told why") {
  Proposed api;
  CHECK(api.say({{"file", "new.txt"}, {"line", 9}, {"text", "?"}}).hint() == "its last line is 2");
  CHECK(api.say({{"file", "new.txt"}, {"line", 0}, {"text", "?"}}).status == 422);
  CHECK(api.say({{"file", "new.txt"}, {"line", "1"}, {"text", "?"}}).status == 422);
  CHECK(api.say({{"file", "new.txt"}, {"side", "left"}, {"text", "?"}}).status == 422);
  CHECK(api.say({{"file", "new.txt"}, {"text", "?"}, {"color", "red"}}).status == 422);
  CHECK(api.say({{"file", std::string(5000, 'x')}, {"text", "?"}}).status == 422);
  CHECK(api.say("text").status == 422);
  CHECK(api.post("/pull-requests/1/reviews").status >= 400);
  CHECK(api.post("/pull-requests/1/reviews", {{"verdict", "fine"}, {"text", "x"}}).status == 422);
  CHECK(api.post("/pull-requests/1/reviews", {{"head", "main"}, {"text", "x"}}).status == 409);
  CHECK(api.post("/pull-requests/2/reviews", {{"text", "x"}}).status == 404);
  CHECK(api.get("/pull-requests/1/reviews").json.at("reviews").empty());
}
