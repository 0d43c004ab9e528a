#include "api_fixture.hpp"
#include "store/task_archive.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

namespace {

/// Three tasks, of which two are done and in the archive.
struct Archive : Api {
  Archive() {
    for (const char* title : {"first", "second"}) {
      const std::string id = add_task(title);
      done.push_back(id);
      REQUIRE(post("/tasks/" + id + "/drop").status == 200);
    }
    add_task("still there");
    const store::Snapshot snapshot = project.snapshot();
    const auto tasks = store::archivable_tasks(snapshot, project.clock().now() + std::chrono::hours(1));
    REQUIRE(tasks.size() == 2);
    project.store().update({"compact", "test", {}}, [&](const store::Snapshot& now, store::Change& change) {
      store::move_to_archive(now, change, tasks);
    });
  }
  std::vector<std::string> done;
};

}  // namespace

TEST_CASE("archived tasks are listed by themselves, a page at a time") {
  Archive api;
  CHECK(api.get("/tasks").json.at("total") == 1);
  const ApiAnswer page = api.get("/tasks?archived=true&limit=1");
  INFO(page.text);
  REQUIRE(page.status == 200);
  CHECK(page.json.at("total") == 2);
  CHECK(page.json.at("tasks").at(0).at("id") == api.done[1]);
  const std::string cursor = page.json.at("next_cursor").get<std::string>();
  const ApiAnswer last = api.get("/tasks?archived=true&view=card&limit=1&cursor=" + cursor);
  CHECK(last.json.at("tasks").at(0).at("id") == api.done[0]);
  CHECK(last.json.at("next_cursor") == nullptr);
  CHECK(api.get("/tasks?archived=false").json.at("total") == 1);
}

TEST_CASE("no condition goes with the archive") {
  Archive api;
  const ApiAnswer refused = api.get("/tasks?archived=true&status=done");
  CHECK(refused.status == 400);
  CHECK(refused.detail().find("status") != std::string::npos);
}
