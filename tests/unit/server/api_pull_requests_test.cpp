#include "api_fixture.hpp"
#include "store/records.hpp"
#include "support/sha256.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

namespace {

/// One open request whose branch adds a file.
struct Proposed : Api {
  Proposed() {
    place.git("commit -q --allow-empty -m base");
    place.git("switch -q -c changelings/sprite/run1");
    std::ofstream(place.path() / "new.txt") << "one line\n";
    place.git("add new.txt");
    place.git("commit -q -m work");
    store::PullRequestRecord pull;
    pull.number = 1;
    pull.title = "Add a file";
    pull.body = "What it is for.";
    pull.changeling = "sprite";
    pull.run = "aaaa2345aa";
    pull.branch = "changelings/sprite/run1";
    pull.base = "main";
    pull.base_commit = project.repository().resolve("refs/heads/main")->hex();
    pull.head = project.repository().resolve("refs/heads/changelings/sprite/run1")->hex();
    place.git("switch -q main");
    project.store().update({"propose", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
      store::write_pull_request(change, pull);
    });
  }
};

}  // namespace

TEST_CASE("requests are listed, and one is shown with its changes") {
  Proposed api;
  const ApiAnswer listed = api.get("/pull-requests");
  INFO(listed.text);
  CHECK(listed.json.at("pull_requests").front().at("title") == "Add a file");
  const ApiAnswer shown = api.get("/pull-requests/1");
  INFO(shown.text);
  CHECK(shown.json.at("body") == "What it is for.");
  CHECK(shown.json.at("files") == Json::array({{{"path", "new.txt"}, {"added", 1}, {"deleted", 0}}}));
  CHECK(shown.json.at("diff").get<std::string>().find("+one line") != std::string::npos);
  CHECK(api.get("/pull-requests/2").status == 404);
  CHECK(api.get("/pull-requests/one").status == 404);
}

TEST_CASE("a request is accepted once") {
  Proposed api;
  const std::string tag = api.get("/pull-requests/1").tag();
  const ApiAnswer accepted = api.post("/pull-requests/1/accept", Json::object(), {{"if-match", tag}});
  INFO(accepted.text);
  CHECK(accepted.status == 200);
  CHECK(accepted.json.at("state") == "merged");
  CHECK(std::filesystem::exists(api.place.path() / "new.txt"));
  CHECK(api.get("/pull-requests").json.at("pull_requests").empty());
  CHECK(api.get("/pull-requests?state=all").json.at("pull_requests").size() == 1);
  CHECK(api.post("/pull-requests/1/accept", Json::object(), {{"if-match", tag}}).status == 412);
  CHECK(api.post("/pull-requests/1/reject").kind() == "refused");
}

TEST_CASE("a request is rejected with a reason, which is shown") {
  Proposed api;
  const ApiAnswer rejected = api.post("/pull-requests/1/reject", {{"reason", "not needed"}});
  CHECK(rejected.json.at("state") == "closed");
  CHECK(api.newest_message().find("Session: phone-1") != std::string::npos);
  CHECK(api.get("/pull-requests/1").json.at("close_reason") == "not needed");
  CHECK(api.post("/pull-requests/1/accept").kind() == "refused");
}

TEST_CASE("another commit than the one that was looked at is not merged") {
  Proposed api;
  const ApiAnswer refused = api.post("/pull-requests/1/accept", {{"head", "main"}});
  CHECK(refused.status == 409);
  CHECK(!std::filesystem::exists(api.place.path() / "new.txt"));
}

TEST_CASE("the changes of a request are shown line by line, at the head that accepting it merges") {
  Proposed api;
  const ApiAnswer shown = api.get("/pull-requests/1/diff");
  INFO(shown.text);
  REQUIRE(shown.status == 200);
  CHECK(shown.json.at("head") == api.get("/pull-requests/1").json.at("head"));
  const Json& file = shown.json.at("files").at(0);
  CHECK(file.at("path") == "new.txt");
  CHECK(file.at("change") == "added");
  CHECK(file.at("hunks").at(0).at("lines").at(0).at("text") == "one line");
  CHECK(file.at("hunks").at(0).at("lines").at(0).at("new") == 1);
  CHECK(api.get("/pull-requests/1/diff?path=new.txt").json.at("files").size() == 1);
  CHECK(api.get("/pull-requests/1/diff?path=other.txt").status == 404);
  CHECK(api.get("/pull-requests/2/diff").status == 404);
}

TEST_CASE("of a branch that is gone there is nothing to show") {
  Proposed api;
  store::PullRequestRecord pull = *store::read_pull_request(api.project.snapshot(), 1);
  pull.branch = "changelings/sprite/gone";
  pull.head = std::string(40, 'a');
  api.project.store().update({"propose", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    store::write_pull_request(change, pull);
  });
  CHECK(api.get("/pull-requests/1/diff").kind() == "unavailable");
}

TEST_CASE("binary files have no lines, and moved ones say from where") {
  Proposed api;
  api.place.git("switch -q changelings/sprite/run1");
  std::ofstream(api.place.path() / "image.bin") << std::string("\0\1\2\0", 4);
  api.place.git("mv new.txt moved.txt");
  api.place.git("add .");
  api.place.git("commit -q -m more");
  api.place.git("switch -q main");
  const Json files = api.get("/pull-requests/1/diff").json.at("files");
  REQUIRE(files.size() == 2);
  CHECK(files.at(0).at("path") == "image.bin");
  CHECK(files.at(0).at("binary") == true);
  CHECK(files.at(0).at("hunks").empty());
  CHECK(files.at(1).at("path") == "moved.txt");
}
