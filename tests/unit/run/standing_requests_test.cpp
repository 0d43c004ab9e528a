#include "run/standing_requests.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"
#include "store/records.hpp"

using namespace changeling;
using changeling::testing::RunFixture;
using changeling::testing::Told;

namespace {

/// A forge that wants branches on the remote, as GitHub does.
class RemoteForge : public forge::LocalForge {
 public:
  using LocalForge::LocalForge;
  bool needs_pushed_branch() const override { return true; }
};

struct RequestsFixture : RunFixture {
  Told told;

  /// A branch with one commit, proposed.
  forge::PullRequest propose(const std::string& branch) {
    shell(home.path(), "git switch -q -c " + branch + " && echo x >" + branch +
                           ".txt && git add . && git commit -qm " + branch + " && git switch -q main");
    forge::Proposal proposal;
    proposal.changeling = "sprite";
    proposal.branch = branch;
    proposal.base = "main";
    proposal.base_commit = open->repository.resolve("refs/heads/main")->hex();
    proposal.head = open->repository.resolve("refs/heads/" + branch)->hex();
    std::vector<std::string> warnings;
    return open->forge.open(proposal, warnings);
  }
  std::vector<std::int64_t> standing() {
    std::vector<std::int64_t> numbers;
    for (const auto& pull :
         run::standing_requests(services(), told.observer(), open->forge.open_pull_requests()))
      numbers.push_back(pull.number);
    return numbers;
  }
  std::string state(std::int64_t number) { return open->forge.find(number)->state; }
};

}  // namespace

TEST_CASE_FIXTURE(RequestsFixture, "a request that was merged by hand is merged, and gone on with no more") {
  const auto one = propose("one");
  const auto two = propose("two");
  CHECK(standing() == std::vector<std::int64_t>{one.number, two.number});
  shell(home.path(), "git merge -q --squash one && git commit -qm squashed");
  CHECK(standing() == std::vector<std::int64_t>{two.number});
  CHECK(state(one.number) == "merged");
}

TEST_CASE_FIXTURE(RequestsFixture, "a request whose branch was deleted is closed, and blocks nobody") {
  const auto one = propose("one");
  shell(home.path(), "git branch -q -D one");
  CHECK(standing().empty());
  CHECK(state(one.number) == "closed");
}

TEST_CASE_FIXTURE(RequestsFixture, "a branch that the remote still has is not deleted") {
  shell(user.path(), "git clone -q --bare " + home.path().string() + " remote.git");
  home.git("remote add origin " + (user.path() / "remote.git").string());
  open.emplace(home.path(), user.path(), "origin");
  const auto one = propose("one");
  const auto two = propose("two");
  shell(home.path(), "git push -q origin one && git branch -q -D one two");
  CHECK(standing() == std::vector<std::int64_t>{one.number});
  CHECK(state(two.number) == "closed");
  shell(user.path(), "mv remote.git elsewhere.git");
  const auto three = propose("three");
  shell(home.path(), "git branch -q -D three");
  // Who cannot ask does not know.
  CHECK(standing() == std::vector<std::int64_t>{one.number, three.number});
}

TEST_CASE_FIXTURE(RequestsFixture,
                  "what a forge elsewhere tells of closed requests is noted with their runs") {
  const auto one = propose("one");
  store::RunRecord record = changeling::testing::running_record("run-one");
  record.status = store::RunStatus::Finished;
  record.pull_request = store::PullRequestReference{one.number, one.url, "open"};
  open->store.update({"x", "x", {}}, [&](const store::Snapshot&, store::Change& change) {
    store::write_run(change, record);
  });
  open->forge.note_merged(one.number, std::string(40, 'a'));
  RemoteForge elsewhere(open->store, open->requests, open->clock);
  const project::Services own = services();
  const project::Services asking{own.repository, own.store,  own.runs,  own.git,
                                 own.processes,  elsewhere,  own.clock, own.environment,
                                 own.places,     own.remote, own.host};
  asking.runs.follow();
  run::note_request_states(asking, record.changeling, {});
  CHECK(store::read_run(open->store.snapshot(), "run-one")->pull_request->state == "merged");
}
