#include "run/starting_point.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::run::StartingPoint;
using changeling::testing::OpenServices;
using changeling::testing::RunFixture;
using changeling::testing::running_record;
using changeling::testing::TemporaryFolder;
using changeling::testing::TemporaryRepository;
using changeling::testing::Told;

namespace {

/// A forge that wants branches on the remote, as GitHub does.
class RemoteForge : public forge::LocalForge {
 public:
  using LocalForge::LocalForge;
  bool needs_pushed_branch() const override { return true; }
};

struct StartFixture : RunFixture {
  Definition definition = [] {
    Definition made;
    made.name = "sprite";
    return made;
  }();
  Told told;
  std::vector<forge::PullRequest> own_open;
  std::vector<store::RunRecord> earlier_runs;  ///< Newest first.

  StartingPoint find() {
    return run::find_starting_point(services(), told.observer(), definition, own_open, earlier_runs);
  }
  void use_remote() {
    shell(user.path(), "git clone -q --bare " + home.path().string() + " remote.git");
    shell(user.path(), "git clone -q remote.git colleague");
    home.git("remote add origin " + (user.path() / "remote.git").string());
    open.emplace(home.path(), user.path(), "origin");
  }
  /// A commit on a branch of the user's repository.
  git::ObjectId commit(const std::string& branch, const std::string& file, const std::string& content) {
    shell(home.path(), "git checkout -q " + branch + " && printf '%s\\n' '" + content + "' >" + file +
                           " && git add . && git commit -qm '" + file + "'");
    const auto head = open->repository.resolve("refs/heads/" + branch);
    shell(home.path(), "git checkout -q main");
    return *head;
  }
  git::ObjectId commit_on_remote(const std::string& file) {
    shell(user.path() / "colleague",
          "git pull -q && echo x >" + file + " && git add . && git commit -qm x && git push -q");
    return git::ObjectId::from_hex(shell(user.path() / "colleague", "git rev-parse HEAD"));
  }
  /// An open pull request on a branch that begins at main's commit of now.
  forge::PullRequest& open_pull_request() {
    home.git("branch changelings/sprite/first main");
    forge::PullRequest pull;
    pull.number = 7;
    pull.changeling = "sprite";
    pull.branch = "changelings/sprite/first";
    pull.base = "main";
    own_open.push_back(pull);
    return own_open.back();
  }
  void ran(const git::ObjectId& start, const git::ObjectId& base, const git::ObjectId& head) {
    auto run = running_record("run-" + std::to_string(earlier_runs.size()));
    run.branch = own_open.back().branch;
    run.base_commit = base.hex();
    run.start = start.hex();
    run.head = head.hex();
    earlier_runs.insert(earlier_runs.begin(), run);
  }
};

}  // namespace

TEST_CASE_FIXTURE(StartFixture,
                  "the base branch: the definition's, the configured one, main, master, the current one") {
  CHECK(run::base_branch(services().repository, services().remote, definition) == "main");
  home.git("branch -m trunk");
  CHECK(run::base_branch(services().repository, services().remote, definition) == "trunk");
  home.git("branch master");
  CHECK(run::base_branch(services().repository, services().remote, definition) == "master");
  home.git("branch main");
  CHECK(run::base_branch(services().repository, services().remote, definition) == "main");
  home.git("config changeling.base develop");
  CHECK(run::base_branch(services().repository, services().remote, definition) == "develop");
  definition.base_branch = "release";
  CHECK(run::base_branch(services().repository, services().remote, definition) == "release");
  CHECK_THROWS_WITH_AS(find(), doctest::Contains("no branch 'release'"), Error);
}

TEST_CASE_FIXTURE(StartFixture, "the base branch is what the remote's HEAD says") {
  use_remote();
  home.git("branch dev/next");
  home.git("push -q origin dev/next");
  CHECK(run::base_branch(services().repository, services().remote, definition) == "main");
  home.git("symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/dev/next");
  CHECK(run::base_branch(services().repository, services().remote, definition) == "dev/next");
}

TEST_CASE("a repository without commits says what to do") {
  const TemporaryRepository home;
  const TemporaryFolder user;
  OpenServices open(home.path(), user.path());
  open.store.initialize();
  Definition definition;
  definition.name = "sprite";
  CHECK_THROWS_WITH_AS(run::find_starting_point(open.services, {}, definition, {}, {}),
                       doctest::Contains("no commit on a branch"), Error);
}

TEST_CASE_FIXTURE(StartFixture,
                  "without a remote the local branch counts, also while the user is elsewhere") {
  shell(home.path(), "git checkout -q --detach && git commit -q --allow-empty -m elsewhere");
  const auto start = find();
  CHECK(start.base == "main");
  CHECK(start.base_commit == main());
  CHECK(start.commit == main());
  CHECK_FALSE(start.continues);
}

TEST_CASE_FIXTURE(StartFixture,
                  "with a remote its newest commit is fetched, and nothing of the user's moves") {
  use_remote();
  const auto newest = commit_on_remote("new");
  const auto before = main();
  CHECK(find().commit == newest);
  CHECK(main() == before);
  CHECK(told.messages.empty());
  CHECK_FALSE(std::filesystem::exists(home.path() / ".git/FETCH_HEAD"));
}

TEST_CASE_FIXTURE(StartFixture,
                  "commits that are only here count for the local forge, not for one elsewhere") {
  use_remote();
  const auto pushed = main();
  const auto accepted = commit("main", "accepted", "x");
  CHECK(find().commit == accepted);
  RemoteForge elsewhere(open->store, open->clock);
  const run::Services& own = services();
  const run::Services remote{own.repository, own.store,       own.git,    own.processes, elsewhere,
                             own.clock,      own.environment, own.places, own.remote,    own.host};
  CHECK(run::find_starting_point(remote, {}, definition, {}, {}).commit == pushed);
}

TEST_CASE_FIXTURE(StartFixture, "where both sides have commits the local forge goes on from here") {
  use_remote();
  commit_on_remote("theirs");
  const auto ours = commit("main", "ours", "x");
  CHECK(find().commit == ours);
}

TEST_CASE_FIXTURE(StartFixture, "a remote that cannot be reached is a message") {
  use_remote();
  std::filesystem::remove_all(user.path() / "remote.git");
  CHECK(find().commit == main());
  REQUIRE(told.messages.size() == 1);
  CHECK(told.messages.front().starts_with("could not fetch main from origin"));
}

TEST_CASE_FIXTURE(StartFixture, "an open pull request is continued when there may be no further one") {
  forge::PullRequest& pull = open_pull_request();
  const auto head = commit(pull.branch, "work", "x");
  definition.max_open_prs = 2;
  CHECK_FALSE(find().continues);
  definition.max_open_prs = 1;
  SUBCASE("as it is") {
    const auto start = find();
    REQUIRE(start.continues);
    CHECK(start.continues->number == 7);
    CHECK(start.commit == head);
    CHECK(start.base_commit == main());
    CHECK_FALSE(start.replaces);
  }
  SUBCASE("with what the base has got since merged in") {
    const auto base = commit("main", "other", "x");
    const auto start = find();
    CHECK(open->repository.commit(start.commit).parents == std::vector{head, base});
    CHECK(open->repository.changes(base, start.commit).size() == 1);
    CHECK_FALSE(start.replaces);
    CHECK(open->repository.resolve("refs/heads/" + pull.branch) == head);
  }
  SUBCASE("from the base when the base has it all") {
    home.git("merge -q --ff-only " + pull.branch);
    const auto base = commit("main", "later", "x");
    CHECK(find().commit == base);
  }
  SUBCASE("not by a changeling that only reports") {
    definition.output = OutputKind::Report;
    CHECK_FALSE(find().continues);
  }
  SUBCASE("unless its branch is gone") {
    home.git("branch -D " + pull.branch);
    CHECK_THROWS_WITH_AS(find(), doctest::Contains("neither here nor on the remote"), Error);
  }
}

TEST_CASE_FIXTURE(StartFixture, "what people pushed to the pull request's branch is fetched") {
  use_remote();
  forge::PullRequest& pull = open_pull_request();
  commit(pull.branch, "work", "x");
  home.git("push -q origin " + pull.branch);
  shell(user.path() / "colleague", "git fetch -q && git checkout -q " + pull.branch +
                                       " && echo y >more && git add . && git commit -qm more && git push -q");
  CHECK(find().commit == git::ObjectId::from_hex(shell(user.path() / "colleague", "git rev-parse HEAD")));
}

TEST_CASE_FIXTURE(StartFixture, "a conflict: own work is made anew, other people's is left alone") {
  forge::PullRequest& pull = open_pull_request();
  const auto first_base = main();
  auto head = commit(pull.branch, "file.txt", "mine");
  ran(first_base, first_base, head);
  bool own = true;

  SUBCASE("one run") {}
  SUBCASE("two runs") {
    const auto next = commit(pull.branch, "file.txt", "mine again");
    ran(head, first_base, next);
    head = next;
  }
  SUBCASE("two runs with a merge of the base in between") {
    const auto base = commit("main", "other", "x");
    const StartingPoint merged = find();
    home.git("update-ref refs/heads/" + pull.branch + " " + merged.commit.hex());
    head = commit(pull.branch, "file.txt", "after the merge");
    ran(merged.commit, base, head);
  }
  SUBCASE("a commit of somebody else on top") {
    head = commit(pull.branch, "file.txt", "theirs");
    own = false;
  }
  SUBCASE("a commit of somebody else between two runs") {
    const auto theirs = commit(pull.branch, "file.txt", "theirs");
    head = commit(pull.branch, "file.txt", "mine on theirs");
    ran(theirs, first_base, head);
    own = false;
  }
  SUBCASE("a run that nobody knows the start of") {
    earlier_runs.front().start.clear();
    own = false;
  }
  const auto base = commit("main", "file.txt", "conflict");
  if (own) {
    const auto start = find();
    CHECK(start.commit == base);
    CHECK(start.replaces == head);
    CHECK(start.continues);
    CHECK(told.messages.size() == 1);
  } else {
    CHECK_THROWS_WITH_AS(find(), doctest::Contains("holds commits that are not this changeling's"), Error);
  }
}
