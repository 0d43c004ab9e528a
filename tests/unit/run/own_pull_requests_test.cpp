#include "run/own_pull_requests.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"
#include "store/records.hpp"

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

TEST_CASE("neither a request's text nor a record makes a branch ours") {
  const auto own = [](std::vector<forge::PullRequest> open, const store::RunRecord& run,
                      const std::vector<store::RunRecord>& earlier) {
    return run::own_pull_requests(std::move(open), run, earlier).size();
  };
  forge::PullRequest on_base = pull(2, "changelings/sprite/run2");
  on_base.base = on_base.branch;
  CHECK(own({pull(1, "main"), on_base, pull(3, "changelings/troll/run3")}, run_of("new", ""), {}) == 0);
  CHECK(own({pull(1, "main")}, run_of("new", "task1"), {run_of("old", "task1", "main")}) == 0);
}

namespace {

/// Answers like the local forge, and counts who asks for all.
class CountingForge : public forge::LocalForge {
 public:
  using LocalForge::LocalForge;
  bool needs_pushed_branch() const override { return is_elsewhere; }
  std::vector<forge::PullRequest> open_pull_requests() override {
    ++asked_for_all;
    return LocalForge::open_pull_requests();
  }
  bool is_elsewhere = false;
  int asked_for_all = 0;
};

struct CandidateFixture : changeling::testing::RunFixture {
  CandidateFixture() {
    std::vector<std::string> warnings;
    for (const auto& [changeling, branch] :
         std::vector<std::pair<std::string, std::string>>{{"sprite", "changelings/sprite/run11"},
                                                          {"troll", "changelings/troll/run22"},
                                                          {"sprite", "changelings/sprite/run33"},
                                                          {"sprite", "elsewhere"}}) {
      forge::Proposal proposal;
      proposal.changeling = changeling;
      proposal.branch = branch;
      open->forge.open(proposal, warnings);
    }
    open->store.update({"runs", "runs", {}}, [](const store::Snapshot&, store::Change& change) {
      for (const auto& run : {run_of("run11", "task1"), run_of("run44", "task1", "elsewhere")}) {
        store::RunRecord whole = changeling::testing::running_record(run.id);
        whole.task = run.task;
        whole.branch = run.branch;
        write_run(change, whole);
      }
    });
    open->runs.follow();
  }
  std::vector<std::int64_t> candidates(const std::string& task) {
    project::Services with{open->repository, open->store, open->runs,  open->git,
                           open->processes,  counting,    open->clock, open->environment,
                           open->places,     "",          "test-host"};
    std::vector<std::int64_t> found;
    for (const auto& pull : run::candidate_requests(with, run_of("run99", task)))
      found.push_back(pull.number);
    return found;
  }
  CountingForge counting{open->store, open->requests, open->clock};
};

}  // namespace

TEST_CASE_FIXTURE(CandidateFixture, "of the local forge no more is read than may be the run's own") {
  CHECK(candidates("") == std::vector<std::int64_t>{1, 3, 4});
  CHECK(candidates("task1") == std::vector<std::int64_t>{1, 4});
  CHECK(candidates("task2").empty());
  CHECK(counting.asked_for_all == 0);
}

TEST_CASE_FIXTURE(CandidateFixture, "a forge elsewhere is asked once for all") {
  counting.is_elsewhere = true;
  CHECK(candidates("task1").size() == 4);
  CHECK(counting.asked_for_all == 1);
}
