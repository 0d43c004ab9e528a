#include "run/publication.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "fixture.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::testing::OpenServices;
using changeling::testing::RunFixture;
using changeling::testing::running_record;
using changeling::testing::Told;

namespace {

const std::string run_branch = "changelings/sprite/run-one";

/// Whether the branch has to be on the remote is for a test to say.
class ChosenForge : public forge::LocalForge {
 public:
  ChosenForge(store::Store& store, store::PullRequestIndex& index, const Clock& clock, bool needs_push)
      : LocalForge(store, index, clock), needs_push_(needs_push) {}
  bool needs_pushed_branch() const override { return needs_push_; }

 private:
  bool needs_push_;
};

struct PublishFixture : RunFixture {
  PublishFixture() {
    definition.name = "sprite";
    shell(user.path(), "git clone -q --bare " + home.path().string() + " remote.git");
    home.git("remote add origin " + (user.path() / "remote.git").string());
    home.git("fetch -q origin");
    open.emplace(home.path(), user.path(), "origin");
    base = main();
    shell(home.path(), "git checkout -q -b " + run_branch +
                           " && echo x >work && git add . && git commit -qm work && "
                           "git checkout -q main");
    head = *open->repository.resolve("refs/heads/" + run_branch);
  }
  run::Published publish(const run::StartingPoint& start, bool needs_push = false) {
    ChosenForge forge(open->store, open->requests, open->clock, needs_push);
    const project::Services& own = services();
    const project::Services chosen{own.repository, own.store,  own.runs,  own.git,
                                   own.processes,  forge,      own.clock, own.environment,
                                   own.places,     own.remote, own.host};
    return run::publish(chosen, told.observer(),
                        {definition, start, *head, run_branch, "title", "body", "patch"}, "run-one", [this] {
                          ++asked;
                          if (asked == refuse_at) throw Error(ErrorKind::Conflict, "lost");
                        });
  }
  run::StartingPoint from_base() const { return {"main", *base, *base, std::nullopt, std::nullopt}; }
  std::string remote_refs() const {
    return shell(user.path() / "remote.git", "git for-each-ref --format='%(refname)'");
  }

  Definition definition;
  std::optional<git::ObjectId> base;
  std::optional<git::ObjectId> head;
  Told told;
  int asked = 0;
  int refuse_at = 0;
};

store::RunRecord proposed(std::int64_t number, const std::string& head, const std::string& patch_id) {
  auto run = running_record("run-one");
  run.pull_request = store::PullRequestReference{number, "", "open"};
  run.head = head;
  run.patch_id = patch_id;
  return run;
}

}  // namespace

TEST_CASE_FIXTURE(PublishFixture, "work is pushed and proposed") {
  const auto published = publish(from_base());
  CHECK_FALSE(published.updated);
  CHECK(published.branch == run_branch);
  CHECK(published.pull_request.head == head->hex());
  CHECK(remote_refs() == "refs/heads/" + run_branch + "\nrefs/heads/main");
  CHECK(open->forge.open_pull_requests().size() == 1);
  CHECK(told.messages.empty());
}

TEST_CASE_FIXTURE(PublishFixture, "without the lease nothing leaves the machine") {
  SUBCASE("before the push") {
    refuse_at = 1;
    CHECK_THROWS_WITH(publish(from_base()), "lost");
    CHECK(remote_refs() == "refs/heads/main");
  }
  SUBCASE("between push and proposal") {
    refuse_at = 2;
    CHECK_THROWS_WITH(publish(from_base()), "lost");
  }
  CHECK(open->forge.open_pull_requests().empty());
}

TEST_CASE_FIXTURE(PublishFixture,
                  "a push that fails is a message for the local forge and an error for another") {
  std::filesystem::remove_all(user.path() / "remote.git");
  CHECK(publish(from_base()).pull_request.number == 1);
  REQUIRE(told.messages.size() == 1);
  CHECK(told.messages.front().starts_with("could not push " + run_branch + " to origin"));
  CHECK_THROWS_WITH_AS(publish(from_base(), true), doctest::Contains("could not push"), Error);
}

TEST_CASE_FIXTURE(PublishFixture,
                  "a branch that begins at commits which are on no remote stays until they are") {
  shell(home.path(), "git commit -q --allow-empty -m private && git checkout -q " + run_branch +
                         " && git rebase -q main && git checkout -q main");
  base = main();
  head = *open->repository.resolve("refs/heads/" + run_branch);
  CHECK(publish(from_base()).pull_request.number == 1);
  CHECK(remote_refs() == "refs/heads/main");
  REQUIRE(told.messages.size() == 1);
  CHECK(told.messages.front().starts_with("1 commit of main is on no remote"));
  CHECK_THROWS_WITH_AS(publish(from_base(), true), doctest::Contains("1 commit of main is on no remote"),
                       Error);

  home.git("push -q origin main");
  publish(from_base());
  CHECK(remote_refs() == "refs/heads/" + run_branch + "\nrefs/heads/main");
}

TEST_CASE_FIXTURE(PublishFixture, "a branch that another git has locked for a moment is waited for") {
  const auto first = publish(from_base());
  shell(home.path(), "git checkout -q --detach " + run_branch + " && git commit -q --allow-empty -m more");
  const auto more = open->repository.resolve_revision("HEAD");
  shell(home.path(), "git checkout -q main");
  run::StartingPoint start{"main", *base, *head, first.pull_request, std::nullopt};
  head = more;
  const auto lock = home.path() / ".git/refs/heads" / (run_branch + ".lock");
  write(lock, "");
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    std::filesystem::remove(lock);
  });
  CHECK_NOTHROW(publish(start));
  other.join();
  CHECK(open->repository.resolve("refs/heads/" + run_branch) == more);
}

TEST_CASE_FIXTURE(PublishFixture, "a continued pull request moves, its branch here and there, too") {
  const auto first = publish(from_base());
  shell(home.path(), "git checkout -q --detach " + run_branch + " && git commit -q --allow-empty -m more");
  const auto more = open->repository.resolve_revision("HEAD");
  shell(home.path(), "git checkout -q main");
  run::StartingPoint start{"main", *base, *head, first.pull_request, std::nullopt};
  head = more;
  const auto second = publish(start);
  CHECK(second.updated);
  CHECK(second.pull_request.number == first.pull_request.number);
  CHECK(open->repository.resolve("refs/heads/" + run_branch) == more);
  CHECK(shell(user.path() / "remote.git", "git rev-parse " + run_branch) == more->hex());
  CHECK(open->forge.open_pull_requests().size() == 1);
}

TEST_CASE_FIXTURE(PublishFixture, "somebody else's push to the branch is never overwritten") {
  const auto first = publish(from_base());
  shell(user.path(), "git clone -q -b " + run_branch +
                         " remote.git colleague && cd colleague && "
                         "git commit -q --allow-empty -m theirs && git push -q");
  const std::string theirs = shell(user.path() / "colleague", "git rev-parse HEAD");
  shell(home.path(), "git checkout -q --detach main && git commit -q --allow-empty -m anew");
  run::StartingPoint start{"main", *base, *base, first.pull_request, head};
  head = open->repository.resolve_revision("HEAD");
  SUBCASE("when it is made anew") {
    CHECK_THROWS_WITH_AS(publish(start, true), doctest::Contains("could not push"), Error);
  }
  SUBCASE("when it is continued") {
    start.replaces.reset();
    CHECK_THROWS_WITH_AS(publish(start, true), doctest::Contains("could not push"), Error);
  }
  CHECK(shell(user.path() / "remote.git", "git rev-parse " + run_branch) == theirs);
}

TEST_CASE_FIXTURE(PublishFixture,
                  "a change is known when an open pull request of this changeling holds exactly it") {
  forge::PullRequest pull;
  pull.number = 7;
  pull.head = "abc";
  const auto known = [&](const std::vector<store::RunRecord>& runs) {
    return run::known_change(services(), "sprite", "patch", {pull}, runs);
  };
  const auto same = known({proposed(7, "abc", "patch")});
  REQUIRE(same);
  CHECK(same->sentence == "pull request 7 already proposes exactly this change");
  CHECK(same->pull_request->number == 7);
  CHECK_FALSE(known({}));
  CHECK_FALSE(known({proposed(7, "abc", "other")}));
  CHECK_FALSE(known({proposed(8, "abc", "patch")}));
  // Somebody has pushed to it since.
  CHECK_FALSE(known({proposed(7, "older", "patch")}));
  CHECK_FALSE(run::known_change(services(), "sprite", "patch", {}, {proposed(7, "abc", "patch")}));
}

TEST_CASE_FIXTURE(PublishFixture,
                  "a change that people rejected is known, and only to the changeling that made it") {
  const auto published = publish(from_base());
  CHECK_FALSE(run::known_change(services(), "sprite", "patch", {}, {}));
  open->forge.close(published.pull_request.number, "no");
  const auto rejected = run::known_change(services(), "sprite", "patch", {}, {});
  REQUIRE(rejected);
  CHECK(rejected->sentence == "exactly this change was proposed before and rejected");
  CHECK_FALSE(rejected->pull_request);
  CHECK_FALSE(run::known_change(services(), "troll", "patch", {}, {}));
  CHECK_FALSE(run::known_change(services(), "sprite", "other", {}, {}));
}

TEST_CASE_FIXTURE(PublishFixture, "no difference is not the same change as another one without an identity") {
  forge::PullRequest pull;
  pull.number = 7;
  pull.head = "abc";
  CHECK_FALSE(run::known_change(services(), "sprite", "", {pull}, {proposed(7, "abc", "")}));
}
