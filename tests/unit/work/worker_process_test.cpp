#include "work/worker_process.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "../error_of.hpp"
#include "../open_project.hpp"
#include "../store/other_process.hpp"
#include "project/missing_logins.hpp"
#include "project/trust.hpp"
#include "queue/rules.hpp"
#include "work/session.hpp"

using namespace changeling;
using namespace changeling::work;
using testing::error_of;
using WhenIdle = WorkerOptions::WhenIdle;

namespace {

/// Notes what it is shown.
struct NotingDisplay : WorkerDisplay {
  bool wants_to_end() override { return ends; }
  void task_begins(const queue::Task& task) override { begun.push_back(task.title); }
  void task_ends() override { ++ended; }
  void step(run::Step step) override { steps.push_back(step); }
  void message(std::string_view text) override { messages.emplace_back(text); }
  bool was_told(std::string_view part) const {
    return std::any_of(messages.begin(), messages.end(),
                       [&](const std::string& message) { return message.find(part) != std::string::npos; });
  }

  bool ends = false;
  std::vector<std::string> begun;
  int ended = 0;
  std::vector<run::Step> steps;
  std::vector<std::string> messages;
};

struct Place : testing::OpenProject {
  Place() {
    commit_definitions("[roles.builder]\nrun = \"echo built >built\"\n");
    project.store().initialize();
  }
  void approve() { project::approve(project, project::approval_subjects(project).at(0)); }
  std::string add(const std::string& title) {
    queue::Task task;
    task.title = title;
    task.role = "builder";
    task.status = queue::TaskStatus::Ready;
    return project.tasks().add({task}).front().id;
  }
  WorkOutcome work(std::int64_t most_tasks = 0) {
    WorkOrder order;
    order.role = "builder";
    order.worker = "ada";
    order.most_tasks = most_tasks;
    order.when_idle = WhenIdle::End;
    return work_here(project, order, display);
  }
  SessionRecord session() {
    const auto all = read_sessions(sessions_folder(project.places().local_folder()));
    REQUIRE(all.size() == 1);
    return all.front();
  }

  NotingDisplay display;
};

/// Takes the repository away as soon as the worker looks at it, which is before it recovers anything.
struct MovingDisplay : NotingDisplay {
  explicit MovingDisplay(const std::filesystem::path& work_tree)
      : folder(work_tree / ".git"), away(work_tree / "away.git") {}
  bool wants_to_end() override {
    if (!std::filesystem::exists(away)) std::filesystem::rename(folder, away);
    return false;
  }

  std::filesystem::path folder;
  std::filesystem::path away;
};

/// 0 when a worker that would wait for tasks ends because its display wants that.
int end_at_once() {
  Place place;
  place.display.ends = true;
  WorkOrder order;
  order.role = "builder";
  const WorkOutcome outcome = work_here(place.project, order, place.display);
  if (outcome.end != WorkerEnd::Stopped || !outcome.tasks.empty()) return 1;
  return place.display.was_told("stopping") && place.session().status == SessionStatus::Completed ? 0 : 2;
}

}  // namespace

TEST_CASE("a worker that finds nothing to do ends, and its session with it") {
  Place place;
  const WorkOutcome outcome = place.work();
  CHECK(outcome.end == WorkerEnd::NothingReady);
  CHECK(outcome.tasks.empty());
  CHECK(outcome.all_succeeded);
  CHECK(place.session().status == SessionStatus::Completed);
  CHECK(place.session().worker == "ada");
  CHECK(place.session().role == "builder");
  CHECK(place.session().source == "queue");
}

TEST_CASE("a worker does the task, shows its steps, and tells what came of it") {
  Place place;
  place.approve();
  const std::string id = place.add("Build it");
  const WorkOutcome outcome = place.work();
  CHECK(outcome.end == WorkerEnd::NothingReady);
  REQUIRE(outcome.tasks.size() == 1);
  CHECK(outcome.tasks[0].task == id);
  CHECK(outcome.tasks[0].title == "Build it");
  CHECK(outcome.tasks[0].outcome == "opened-pr");
  CHECK(outcome.tasks[0].success);
  CHECK(outcome.tasks[0].status == to_string(place.project.tasks().find(id).status));
  REQUIRE(outcome.runs.size() == 1);
  CHECK(outcome.runs[0].id == outcome.tasks[0].run);
  CHECK(outcome.runs[0].task == id);
  CHECK(place.display.begun == std::vector<std::string>{"Build it"});
  CHECK(place.display.ended == 1);
  CHECK(std::count(place.display.steps.begin(), place.display.steps.end(), run::Step::Launch) == 1);
  CHECK(place.display.was_told(id + ": opened-pr"));
}

TEST_CASE("a worker ends when it has done as many tasks as it was asked for") {
  Place place;
  place.approve();
  place.add("One");
  place.add("Two");
  const WorkOutcome outcome = place.work(1);
  CHECK(outcome.end == WorkerEnd::EnoughTasks);
  CHECK(outcome.tasks.size() == 1);
  const SessionRecord session = place.session();
  CHECK(session.status == SessionStatus::Completed);
  CHECK(session.task.empty());
  CHECK(session.token == 0);
}

TEST_CASE("a role that nobody has approved costs its task no attempt") {
  Place place;
  const std::string id = place.add("Build it");
  const WorkOutcome outcome = place.work(1);
  for (const WorkedTask& task : outcome.tasks) CHECK_FALSE(task.success);
  const queue::Task task = place.project.tasks().find(id);
  CHECK(task.status == queue::TaskStatus::Ready);
  CHECK(queue::counted_attempts(task) == 0);
  CHECK(place.display.was_told("not trusted"));
}

TEST_CASE("an order that names no source ends before there is a session") {
  Place place;
  WorkOrder order;
  order.source = "nowhere";
  const auto error = error_of([&] { work_here(place.project, order, place.display); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::Usage);
  CHECK(read_sessions(sessions_folder(place.project.places().local_folder())).empty());
}

TEST_CASE("a worker whose repository was moved away ends, and makes nothing in its old place") {
  Place place;
  MovingDisplay display(place.place.path());
  WorkOrder order;
  order.role = "builder";
  order.when_idle = WhenIdle::End;
  const auto error = error_of([&] { work_here(place.project, order, display); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::NotFound);
  CHECK(std::string(error->what()).find("the repository is no longer there: ") == 0);
  CHECK_FALSE(std::filesystem::exists(display.folder));
  CHECK(std::filesystem::exists(display.away / "HEAD"));
}

TEST_CASE("a display that wants to end ends a worker that waits for tasks") {
  // In a process of its own: what asks to end asks a whole process.
  CHECK(testing::Process(end_at_once).wait() == 0);
}

TEST_CASE("a worker leaves tasks whose agent was not let in since it began, and says so") {
  Place place;
  place.approve();
  const std::string id = place.add("Build it");
  const project::MissingLogins logins(place.project.environment());
  const AgentType& agent = builtin_agent_types().at("command");
  logins.note(agent, place.project.clock().now() + std::chrono::minutes(5));
  CHECK(place.work().end == WorkerEnd::NothingReady);
  CHECK(place.display.was_told("command is not logged in"));
  CHECK(place.display.begun.empty());
  CHECK(place.project.tasks().find(id).status == queue::TaskStatus::Ready);
  // Whoever starts a worker that does not wait sees what comes of it.
  logins.note(agent, place.project.clock().now() - std::chrono::minutes(5));
  CHECK(place.work().tasks.size() == 1);
  CHECK_FALSE(logins.find(agent));
}
