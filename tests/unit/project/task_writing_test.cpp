#include "project/task_writing.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../open_project.hpp"
#include "queue/task_edit.hpp"

using namespace changeling;
using testing::error_of;

namespace {

struct Place : testing::OpenProject {
  Place() { project.store().initialize(); }
  queue::Task add(const std::string& title) {
    queue::Task task;
    task.title = title;
    task.status = queue::TaskStatus::Ready;
    return project.tasks().add({task}).front();
  }
};

}  // namespace

TEST_CASE("a new task is nobody's yet, and being blocked needs a reason") {
  CHECK(project::first_status(queue::TaskStatus::Ready) == queue::TaskStatus::Ready);
  for (const auto status : {queue::TaskStatus::InFlight, queue::TaskStatus::Blocked}) {
    const auto refused = error_of([&] { project::first_status(status); });
    REQUIRE(refused.has_value());
    CHECK(refused->kind() == ErrorKind::Usage);
  }
}

TEST_CASE("links that were written short get their full ids, and old ones may lead nowhere") {
  Place place;
  const queue::Task first = place.add("first");
  queue::Task before;
  before.blocked_by = {"gone2345"};
  queue::Task task = before;
  task.blocked_by.push_back(first.id.substr(0, 6));
  task.parent = first.id.substr(0, 6);
  project::complete_links(place.project, before, task);
  CHECK(task.parent == first.id);
  CHECK(task.blocked_by == queue::sorted_words({"gone2345", first.id}));
  task.parent = "zzzz9999";
  CHECK(error_of([&] { project::complete_links(place.project, before, task); })->kind() ==
        ErrorKind::NotFound);
}

TEST_CASE("a task follows its role with the criteria, but for those that were just given") {
  Place place;
  place.write_record("roles/writer.toml", "prompt = \"Write.\"\naccept = [\"file:a\"]\n");
  queue::Task before;
  queue::Task task;
  task.role = "writer";
  project::follow_role(place.project, before, task, false);
  CHECK(task.acceptance == std::vector{queue::parse_criterion("file:a")});
  queue::Task without = task;
  without.role = "";
  project::follow_role(place.project, task, without, false);
  CHECK(without.acceptance.empty());
  queue::Task given = task;
  given.role = "";
  project::follow_role(place.project, task, given, true);
  CHECK(given.acceptance.size() == 1);
}

TEST_CASE("a task is blocked by a reason, by tasks, and not by nothing") {
  Place place;
  const queue::Task task = place.add("task");
  const queue::Task other = place.add("other");
  CHECK(error_of([&] { project::block_task(place.project, task.id, "", {}); })->kind() == ErrorKind::Usage);
  const queue::Task blocked = project::block_task(place.project, task.id, "why", {other.id.substr(0, 6)});
  CHECK(blocked.status == queue::TaskStatus::Blocked);
  CHECK(blocked.blocked_by == std::vector{other.id});
  const queue::Task back = project::unblock_task(place.project, task.id, {});
  CHECK(back.status == queue::TaskStatus::Ready);
  CHECK(back.blocked_by.empty());
  CHECK(error_of([&] { project::unblock_task(place.project, task.id, {other.id}); })->kind() ==
        ErrorKind::Refused);
}

TEST_CASE("a removed task is known by its full id still") {
  Place place;
  const queue::Task task = place.add("task");
  CHECK(project::full_task_id(place.project, task.id.substr(0, 6)) == task.id);
  place.project.tasks().remove({task.id});
  CHECK(project::full_task_id(place.project, task.id) == task.id);
  CHECK(error_of([&] { project::full_task_id(place.project, "ab"); }).has_value());
}
