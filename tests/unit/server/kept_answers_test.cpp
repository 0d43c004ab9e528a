#include "server/api/kept_answers.hpp"
#include "api_fixture.hpp"

using namespace changeling;
using server::api::KeptAnswers;
using testing::Api;

namespace {

/// One process that answers several requests, as a worker of the service does.
struct Asked {
  Api& api;
  KeptAnswers kept = {};

  server::Response get(const std::string& path, const std::map<std::string, std::string>& query = {}) {
    project::Project opened(api.opening());
    return server::api::answer({"GET", "/api/v1" + path, query, {}, "", api.caller}, opened, kept);
  }
  const server::Response* known(const std::string& path,
                                const std::map<std::string, std::string>& query = {}) {
    project::Project opened(api.opening());
    return kept.find(KeptAnswers::name_of({"GET", "/api/v1" + path, query, {}, "", api.caller}, opened));
  }
};

}  // namespace

TEST_CASE("a list of tasks is made once for each commit of the state") {
  Api api;
  api.add_task("one");
  Asked asked{api};
  CHECK(asked.known("/tasks") == nullptr);
  const server::Response made = asked.get("/tasks");
  REQUIRE(asked.known("/tasks") != nullptr);
  CHECK(asked.known("/tasks")->body == made.body);
  CHECK(asked.get("/tasks").headers == made.headers);
  CHECK(asked.known("/tasks", {{"view", "card"}}) == nullptr);
  api.add_task("two");
  CHECK(asked.known("/tasks") == nullptr);
  CHECK(Json::parse(asked.get("/tasks").body).at("total") == 2);
}

TEST_CASE("what changes by itself is made each time") {
  Api api;
  Asked asked{api};
  asked.get("/halt");
  CHECK(asked.known("/halt") == nullptr);
  asked.get("/tasks", {{"unblocked", "true"}});
  CHECK(asked.known("/tasks", {{"unblocked", "true"}}) == nullptr);
  api.add_task("waits", {{"gates", {"until:2040-01-01"}}});
  CHECK(asked.get("/tasks").status == 200);
  CHECK(asked.known("/tasks") == nullptr);
}

TEST_CASE("a refusal is not kept, and a known answer hides none") {
  Api api;
  api.add_task("one");
  Asked asked{api};
  CHECK(asked.get("/tasks", {{"colour", "red"}}).status == 400);
  CHECK(asked.known("/tasks", {{"colour", "red"}}) == nullptr);
  asked.get("/tasks");
  project::Project opened(api.opening());
  const server::Request matching{"GET", "/api/v1/tasks", {}, {{"if-match", "\"x\""}}, "", api.caller};
  CHECK(server::api::answer(matching, opened, asked.kept).status == 400);
}

TEST_CASE("the memory for answers is bounded") {
  KeptAnswers kept;
  const server::Response large{200, "application/json", {}, std::string(KeptAnswers::most_bytes / 2, 'x')};
  kept.keep("first", large);
  kept.keep("second", large);
  CHECK(kept.find("first") != nullptr);
  kept.keep("third", large);
  CHECK(kept.find("second") == nullptr);
  CHECK(kept.find("first") != nullptr);
  kept.keep("too large", {200, "", {}, std::string(KeptAnswers::most_bytes / 2 + 1, 'x')});
  CHECK(kept.find("too large") == nullptr);
}
