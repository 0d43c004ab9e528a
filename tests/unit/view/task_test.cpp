#include "view/task.hpp"

#include <doctest/doctest.h>

#include "../open_project.hpp"
#include "keys.hpp"

using namespace changeling;
using testing::keys_of;

namespace {

struct Place : testing::OpenProject {
  Place() { project.store().initialize(); }
  queue::Task add(const std::string& title, const std::string& parent = "",
                  const std::vector<std::string>& blocked_by = {}) {
    queue::Task task;
    task.title = title;
    task.parent = parent;
    task.blocked_by = blocked_by;
    task.status = queue::TaskStatus::Ready;
    return project.tasks().add({task}).front();
  }
  Json shown(const queue::Task& task) { return view::to_json(project, task); }
};

}  // namespace

TEST_CASE(
    "a task has the keys of its record, and those that follow from other tasks; a lease only while claimed") {
  Place place;
  const Json json = place.shown(place.add("Mend the roof"));
  CHECK(keys_of(json) ==
        "acceptance artifacts assignee attempts blocked_by blocked_reason blocks children complexity "
        "created_at created_by description discovered_from dropped forgiven_attempts gates id labels "
        "last_token parent priority role source status title updated_at updated_by");
  CHECK(json.at("title") == "Mend the roof");
  CHECK(json.at("status") == "ready");
  CHECK(json.at("dropped") == false);
}

TEST_CASE("a task names its parts and what waits for it") {
  Place place;
  const queue::Task whole = place.add("Whole");
  const queue::Task part = place.add("Part", whole.id);
  const queue::Task later = place.add("Later", "", {whole.id});
  const Json json = place.shown(whole);
  CHECK(json.at("children") == Json::array({part.id}));
  CHECK(json.at("blocks") == Json::array({later.id}));
  CHECK(place.shown(later).at("blocked_by") == Json::array({whole.id}));
  CHECK(place.shown(part).at("parent") == whole.id);
}

TEST_CASE("a claimed task shows its lease, which holds at once where nothing is shared") {
  Place place;
  const queue::Task task = place.add("Mend the roof");
  queue::ClaimTerms terms;
  terms.owner = "ada";
  terms.now = place.project.clock().now();
  terms.lease = std::chrono::minutes(5);
  const auto claimed = place.project.tasks().claim(task.id, terms);
  REQUIRE(std::holds_alternative<queue::Task>(claimed));
  const Json json = place.shown(std::get<queue::Task>(claimed));
  CHECK(json.at("status") == "in_flight");
  CHECK(keys_of(json.at("lease")) == "expires_at owner provisional token");
  CHECK(json.at("lease").at("owner") == "ada");
  CHECK(json.at("lease").at("token") == 1);
  CHECK(json.at("lease").at("provisional") == false);
}

TEST_CASE("a card has what a board shows, and what keeps the task waiting") {
  Place place;
  queue::Task task = place.add("Mend the roof");
  task.gates = {queue::parse_gate("until:2026-11-21T00:00:00Z")};
  const Json card = view::task_card(task, testing::morning);
  CHECK(keys_of(card) ==
        "attempts blocked_by blocked_reason closed_gate complexity dropped id labels lease parent priority "
        "role run status title updated_at");
  CHECK(card.at("closed_gate").get<std::string>().starts_with("until:2026-11-21"));
  CHECK(card.at("lease") == nullptr);
  CHECK(view::task_card(task, testing::morning + std::chrono::days(2)).at("closed_gate") == nullptr);
  task.lease = queue::Lease{"ada", 7, testing::morning};
  task.assignee_run = "abcd2345ab";
  CHECK(keys_of(view::task_card(task, testing::morning).at("lease")) == "expires_at owner token");
  CHECK(view::task_card(task, testing::morning).at("run") == "abcd2345ab");
}
