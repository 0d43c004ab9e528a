// Several processes of the service at once; here they are threads with a project each.
#include <algorithm>
#include <thread>

#include "api_fixture.hpp"

using namespace changeling;
using testing::Api;

namespace {

constexpr std::size_t writers = 6;

/// The statuses of the same request, asked by all at once.
std::vector<int> ask_together(Api& api, const std::function<server::Request(std::size_t)>& make) {
  std::vector<int> statuses(writers);
  std::vector<std::thread> threads;
  for (std::size_t index = 0; index < writers; ++index) {
    threads.emplace_back([&, index] {
      project::Project project({api.environment(), {api.place.path().string()}});
      statuses[index] = server::api::answer(make(index), project).status;
    });
  }
  for (std::thread& thread : threads) thread.join();
  return statuses;
}

}  // namespace

TEST_CASE("of many writers who have seen the same record, exactly one succeeds") {
  Api api;
  const std::string id = api.add_task("wanted");
  const std::string tag = api.get("/tasks/" + id).tag();
  const auto statuses = ask_together(api, [&](std::size_t index) {
    const Json body{{"title", "from " + std::to_string(index)}};
    return server::Request{"PATCH", "/api/v1/tasks/" + id, {}, {{"if-match", tag}}, body.dump(), api.caller};
  });
  CHECK(std::count(statuses.begin(), statuses.end(), 200) == 1);
  CHECK(std::count(statuses.begin(), statuses.end(), 412) == static_cast<std::ptrdiff_t>(writers) - 1);
}

TEST_CASE("a request that is sent many times at once with one key happens once") {
  Api api;
  const auto statuses = ask_together(api, [&](std::size_t) {
    return server::Request{"POST",    "/api/v1/tasks", {}, {{"idempotency-key", "k"}}, R"({"title": "one"})",
                           api.caller};
  });
  for (const int status : statuses) CHECK((status == 201 || status == 409));
  CHECK(std::count(statuses.begin(), statuses.end(), 201) >= 1);
  CHECK(api.get("/tasks").json.at("total") == 1);
}

TEST_CASE("of many who claim the same task, one gets it") {
  Api api;
  const std::string id = api.add_task("wanted");
  const auto statuses = ask_together(api, [&](std::size_t index) {
    const Json body{{"worker", "w" + std::to_string(index)}};
    return server::Request{"POST", "/api/v1/tasks/" + id + "/claim", {}, {}, body.dump(), api.caller};
  });
  CHECK(std::count(statuses.begin(), statuses.end(), 200) == 1);
  CHECK(std::count(statuses.begin(), statuses.end(), 409) == static_cast<std::ptrdiff_t>(writers) - 1);
}
