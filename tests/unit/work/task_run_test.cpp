#include "work/task_run.hpp"

#include <doctest/doctest.h>

#include "project/missing_logins.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "work_fixture.hpp"

using namespace changeling;
using changeling::testing::ready_task;
using changeling::testing::WorkFixture;
using queue::TaskStatus;

namespace {

queue::Task task_with(const std::string& title, const std::vector<std::string>& criteria) {
  queue::Task task = ready_task(title);
  for (const std::string& text : criteria) task.acceptance.push_back(queue::parse_criterion(text));
  return task;
}

}  // namespace

TEST_CASE_FIXTURE(WorkFixture, "a change becomes a pull request, and the task waits for a person") {
  const auto id = add(task_with("Add a word", {"file:word.txt", "run:grep -q hi word.txt"})).id;
  const auto report = work(claim(), "echo hi > word.txt");
  CHECK(report.success());
  REQUIRE(report.run);
  CHECK(report.run->outcome == store::Outcome::OpenedPr);
  CHECK(report.run->task == id);
  CHECK(report.run->verification.size() == 1);
  const auto done = task(id);
  CHECK(done.status == TaskStatus::Review);
  CHECK(done.assignee_run == "runaaaaa");
  REQUIRE(done.artifacts.size() == 1);
  CHECK(done.artifacts[0].kind == queue::Artifact::Kind::PullRequest);
  const auto pulls = open->forge.open_pull_requests();
  REQUIRE(pulls.size() == 1);
  CHECK(pulls[0].title == "Add a word");
  CHECK(pulls[0].body.find("Task: `" + id + "`") != std::string::npos);
  CHECK(home.is_sound());
}

TEST_CASE_FIXTURE(WorkFixture, "criteria are checked before anything is proposed, all of them") {
  const auto id = add(task_with("All", {"file:a.txt", "file:b.txt", "run:echo why; exit 4"})).id;
  const auto report = work(claim(), "echo x > a.txt");
  CHECK_FALSE(report.success());
  CHECK(report.run->outcome == store::Outcome::VerificationFailed);
  CHECK(report.run->error.find("b.txt does not exist") != std::string::npos);
  CHECK(report.run->error.find("exit code 4: why") != std::string::npos);
  CHECK(report.run->error.find("a.txt does") == std::string::npos);
  CHECK(open->forge.open_pull_requests().empty());
  CHECK(open->repository.resolve("refs/heads/" + report.run->branch));
  const auto again = task(id);
  CHECK(again.status == TaskStatus::Ready);
  REQUIRE(again.attempts.size() == 1);
  CHECK(again.attempts[0].run == "runaaaaa");
  CHECK(again.attempts[0].owner == "me");
  CHECK(again.attempts[0].error == report.run->error);
}

TEST_CASE_FIXTURE(WorkFixture, "criteria count without a change, too") {
  const auto met = add(task_with("Met", {"file:out.txt"})).id;
  CHECK(work(claim(), "echo x > \"$CHANGELING_ARTIFACTS/out.txt\"").success());
  CHECK(task(met).status == TaskStatus::Done);
  const auto unmet = add(task_with("Unmet", {"file:out.txt"})).id;
  const auto report = work(claim("runbbbbb"), "true", {}, "runbbbbb");
  CHECK(report.run->outcome == store::Outcome::VerificationFailed);
  CHECK(task(unmet).status == TaskStatus::Ready);
}

TEST_CASE_FIXTURE(WorkFixture, "without a change and without criteria a person looks") {
  const auto id = add(ready_task("Nothing")).id;
  CHECK(work(claim(), "true").success());
  CHECK(task(id).status == TaskStatus::Review);
}

TEST_CASE_FIXTURE(WorkFixture, "a text is for a person") {
  const auto id = add(task_with("Nice", {"It is nice", "file:out.txt"})).id;
  CHECK(work(claim(), "echo x > \"$CHANGELING_ARTIFACTS/out.txt\"").success());
  CHECK(task(id).status == TaskStatus::Review);
}

TEST_CASE_FIXTURE(WorkFixture, "files that the agent leaves belong to the task") {
  const auto id = add(task_with("Files", {"file:out/one.txt"})).id;
  const auto report = work(claim(),
                           "cd \"$CHANGELING_ARTIFACTS\"; mkdir out; echo 1 > out/one.txt; echo 2 > two; "
                           "echo title > pull-request.md; ln -s /etc/passwd link");
  CHECK(report.success());
  const auto artifacts = task(id).artifacts;
  REQUIRE(artifacts.size() == 2);
  CHECK(artifacts[0].path == "out/one.txt");
  CHECK(artifacts[1].path == "two");
  CHECK(read_file(open->places.run("runaaaaa").artifacts() / artifacts[0].path) == "1\n");
}

TEST_CASE_FIXTURE(WorkFixture, "a failed agent is an attempt, and the third blocks the task") {
  const auto id = add(ready_task("Hard")).id;
  for (const char* run : {"runaaaaa", "runbbbbb", "runccccc"})
    CHECK_FALSE(work(claim(run), "echo no >&2; exit 3", {}, run).success());
  CHECK(task(id).status == TaskStatus::Blocked);
  CHECK(task(id).attempts.size() == 3);
}

TEST_CASE_FIXTURE(WorkFixture, "the next agent reads about the attempts and where their work lies") {
  add(task_with("Again", {"file:whole.txt"}));
  const auto first = work(claim(), "echo x > half.txt");
  work(claim("runbbbbb"), "cp \"$CHANGELING_PROMPT_FILE\" \"$CHANGELING_ARTIFACTS/prompt\"", {}, "runbbbbb");
  const std::string prompt = read_file(open->places.run("runbbbbb").artifacts() / "prompt");
  CHECK(prompt.find("You are tester.") != std::string::npos);
  CHECK(prompt.find("whole.txt does not exist") != std::string::npos);
  CHECK(prompt.find(first.run->branch) != std::string::npos);
}

TEST_CASE_FIXTURE(WorkFixture, "a stopped run gives the task back without counting") {
  const auto id = add(ready_task("Slow")).id;
  run::Observer observer;
  const auto started = open->places.worktree("runaaaaa") / "started";
  observer.stop_requested = [&] { return std::filesystem::exists(started); };
  const auto report = work(claim(), "touch started; sleep 600", observer);
  CHECK(report.run->outcome == store::Outcome::Killed);
  CHECK(report.result.outcome == "released");
  CHECK(task(id).status == TaskStatus::Ready);
  CHECK(queue::counted_attempts(task(id)) == 0);
}

TEST_CASE_FIXTURE(WorkFixture, "a claim that is lost is neither published nor handed in") {
  const auto id = add(ready_task("Lost")).id;
  run::Observer observer;
  observer.on_step = [&](run::Step step) {
    if (step == run::Step::Collect) take_over();
  };
  const auto report = work(claim(), "echo x > x.txt", observer);
  CHECK(report.run->outcome == store::Outcome::LostLease);
  CHECK(open->forge.open_pull_requests().empty());
  const auto now = task(id);
  CHECK(now.lease->owner == "other");
  CHECK(now.attempts.size() == 1);
  CHECK(now.attempts[0].outcome == "expired");
  CHECK(home.is_sound());
}

TEST_CASE_FIXTURE(WorkFixture, "a task that nobody can handle fails with the reason") {
  const auto id = add(ready_task("Strange")).id;
  const project::ChooseHandling nobody = [](const queue::Task&) -> project::Handling {
    throw Error(ErrorKind::NotFound, "there is no role 'ghost'", "did you mean 'host'?");
  };
  const auto report = work::work_on_task({services(), source, "me", nobody}, {}, claim(), "runaaaaa");
  CHECK_FALSE(report.run);
  CHECK(report.result.error == "there is no role 'ghost' (did you mean 'host'?)");
  CHECK(task(id).attempts.size() == 1);
}

TEST_CASE_FIXTURE(WorkFixture, "what cannot be handed in is a problem of the report") {
  add(ready_task("Gone"));
  run::Observer observer;
  observer.on_step = [&](run::Step step) {
    if (step == run::Step::Finish) take_over();
  };
  const auto report = work(claim(), "echo x > x.txt", observer);
  CHECK(report.result.success);
  CHECK_FALSE(report.success());
  CHECK(report.problem.find("other holds it") != std::string::npos);
}

TEST_CASE_FIXTURE(WorkFixture, "work that nobody has begun on is given back") {
  const auto id = add(ready_task("Not begun")).id;
  const auto report = work::give_back({services(), source, "me", {}}, claim());
  CHECK(report.result.outcome == "released");
  CHECK(task(id).status == TaskStatus::Ready);
  CHECK(queue::counted_attempts(task(id)) == 0);
}

TEST_CASE_FIXTURE(WorkFixture, "progress becomes an event, at most one in ten seconds") {
  add(ready_task("Talk"));
  std::vector<Json> told;
  project::Services services = this->services();
  services.on_event = [&](std::string_view event, const Json& fields) {
    if (event == "work:progress") told.push_back(fields);
  };
  const auto report = work::work_on_task({services, source, "me", by("echo one; sleep 0.2; echo two")}, {},
                                         claim(), "runaaaaa");
  REQUIRE(told.size() == 1);
  CHECK(told[0].at("task") == report.task.id);
  CHECK(told[0].at("run") == "runaaaaa");
}

TEST_CASE_FIXTURE(WorkFixture, "an agent that was not let in costs its task no attempt, and is noted") {
  const auto id = add(ready_task("Write")).id;
  const auto program = user.path() / "claude";
  write(program,
        "#!/bin/sh\n"
        "echo '{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"result\":\"Not logged "
        "in\"}'\nexit 1\n");
  ::chmod(program.c_str(), 0755);
  AgentType agent = builtin_agent_types().at("claude");
  agent.command = {program.string()};
  const auto handling = [&](const queue::Task& task) {
    project::Handling how = by("")(task);
    how.definition.command.clear();
    how.definition.agent = agent.name;
    how.agent = agent;
    return how;
  };
  const auto report = work::work_on_task({services(), source, "me", handling}, {}, claim(), "runaaaaa");
  CHECK(report.waits);
  CHECK(report.result.outcome == "released");
  CHECK(report.result.error.find("is not logged in") != std::string::npos);
  REQUIRE(report.run);
  CHECK(report.run->outcome == store::Outcome::Failed);
  CHECK_FALSE(store::is_failure(*report.run));
  CHECK(task(id).status == TaskStatus::Ready);
  CHECK(queue::counted_attempts(task(id)) == 0);
  CHECK(project::MissingLogins(open->environment).find(agent));
}
