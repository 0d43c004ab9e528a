#include "run/own_pull_requests.hpp"

#include <doctest/doctest.h>

using namespace changeling;

namespace {

forge::PullRequest pull(std::int64_t number, const std::string& branch) {
  forge::PullRequest pull;
  pull.number = number;
  pull.changeling = "sprite";
  pull.branch = branch;
  return pull;
}

store::RunRecord run_of(const std::string& id, const std::string& task, const std::string& branch = "") {
  store::RunRecord run;
  run.id = id;
  run.changeling = "sprite";
  run.task = task;
  run.branch = branch;
  return run;
}

std::vector<std::int64_t> numbers(const store::RunRecord& run, const std::vector<store::RunRecord>& earlier) {
  forge::PullRequest stranger = pull(4, "changelings/troll/run4");
  stranger.changeling = "troll";
  std::vector<std::int64_t> found;
  for (const auto& own :
       run::own_pull_requests({pull(1, "changelings/sprite/run1"), pull(2, "changelings/sprite/run2"),
                               pull(3, "changelings/sprite/run3"), stranger},
                              run, earlier)) {
    found.push_back(own.number);
  }
  return found;
}

}  // namespace

TEST_CASE("a changeling goes on with its own pull requests, not with those of tasks") {
  const std::vector<store::RunRecord> earlier{run_of("run1", ""), run_of("run2", "task2")};
  CHECK(numbers(run_of("new", ""), earlier) == std::vector<std::int64_t>{1, 3});
}

TEST_CASE("a task goes on with what its own runs opened, whatever the role was") {
  const std::vector<store::RunRecord> earlier{run_of("run1", "task1"), run_of("run2", "task2"),
                                              run_of("later", "task1", "changelings/sprite/run3"),
                                              run_of("run4", "")};
  CHECK(numbers(run_of("new", "task1"), earlier) == std::vector<std::int64_t>{1, 3});
  CHECK(numbers(run_of("new", "task2"), earlier) == std::vector<std::int64_t>{2});
  CHECK(numbers(run_of("new", "task3"), earlier).empty());
}
