#include "run/kept_heads.hpp"

#include <doctest/doctest.h>

#include "start_fixture.hpp"
#include "store/records.hpp"

using namespace changeling;
using changeling::testing::running_record;
using changeling::testing::StartFixture;

namespace {

const std::string branch = "changelings/sprite/run-one";

struct KeptHeads : StartFixture {
  KeptHeads() { use_remote(); }
  void keep() { run::keep_head(services(), "run-one", branch, main()); }
  std::optional<git::ObjectId> kept() const {
    return open->repository.resolve(run::kept_head_reference("run-one"));
  }
  void propose(store::PullRequestState state) {
    open->store.update({"test", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
      store::PullRequestRecord pull;
      pull.number = 1;
      pull.changeling = "sprite";
      pull.branch = branch;
      pull.base = "main";
      pull.head = main().hex();
      pull.state = state;
      store::write_pull_request(change, pull);
      auto run = running_record("run-one");
      run.pull_request = store::PullRequestReference{1, "local:1", "open"};
      store::write_run(change, run);
    });
  }
};

}  // namespace

TEST_CASE_FIXTURE(KeptHeads, "a head is kept where a fetch would remove its branch") {
  keep();
  CHECK_FALSE(kept());
  home.git("config remote.origin.fetch '+refs/heads/*:refs/heads/*'");
  keep();
  CHECK(kept() == main());
  CHECK(run::keeps_heads(open->repository));
  run::drop_kept_head(services(), "run-one");
  CHECK_FALSE(run::keeps_heads(open->repository));
}

TEST_CASE_FIXTURE(KeptHeads, "a head is kept until its request was rejected, or merged and published") {
  home.git("config remote.origin.fetch '+refs/heads/*:refs/heads/*'");
  home.git("commit -q --allow-empty -m work");
  keep();
  run::drop_needless_heads(services());
  CHECK(kept());
  propose(store::PullRequestState::Open);
  run::drop_needless_heads(services());
  CHECK(kept());
  SUBCASE("rejected") {
    propose(store::PullRequestState::Closed);
  }
  SUBCASE("merged") {
    propose(store::PullRequestState::Merged);
    run::drop_needless_heads(services());
    CHECK(kept());
    home.git("push -q origin main");
  }
  run::drop_needless_heads(services());
  CHECK_FALSE(kept());
}
