#include "run/starting_point.hpp"

#include <doctest/doctest.h>

#include "run/machine_walls.hpp"
#include "run/user_drivers.hpp"
#include "start_fixture.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::run::StartingPoint;
using changeling::testing::OpenServices;
using changeling::testing::StartFixture;
using changeling::testing::TemporaryFolder;
using changeling::testing::TemporaryRepository;

TEST_CASE("a repository without commits says what to do") {
  const TemporaryRepository home;
  const TemporaryFolder user;
  OpenServices open(home.path(), user.path());
  open.store.initialize();
  Definition definition;
  definition.name = "sprite";
  CHECK_THROWS_WITH_AS(
      run::find_starting_point(open.services, {}, definition, "changelings/sprite/r1", {}, {}),
      doctest::Contains("no commit on a branch"), Error);
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
  SUBCASE("work that records call a run's, and that this clone has not made") {
    const auto noted = user.path() / ".local/share/git-changeling/heads";
    std::filesystem::remove_all(noted);
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
    CHECK_THROWS_WITH_AS(find(), doctest::Contains("holds commits that are not proven to be"), Error);
  }
}

TEST_CASE_FIXTURE(StartFixture,
                  "what was taken out of a rewritten base does not come back with a pull request") {
  use_remote();
  const auto leaked = commit("main", "leak", "secret");
  home.git("push -q origin main");
  forge::PullRequest& pull = open_pull_request();
  const auto head = commit(pull.branch, "work", "x");
  ran(leaked, leaked, head);
  home.git("push -q origin " + pull.branch);
  const auto clean = rewrite_remote("main^", "clean");
  SUBCASE("own work is made anew") {
    const auto start = find();
    CHECK(start.commit == clean);
    CHECK(start.replaces == head);
  }
  SUBCASE("other people's is left alone") {
    const auto theirs = commit(pull.branch, "theirs", "y");
    home.git("push -q origin " + pull.branch);
    CHECK_THROWS_WITH_AS(find(), doctest::Contains("does not hold any more and holds commits that are not"),
                         Error);
  }
}

TEST_CASE_FIXTURE(StartFixture, "a pull request that left its base beyond the end of a shallow clone") {
  forge::PullRequest& pull = open_pull_request();
  commit(pull.branch, "work", "x");
  commit("main", "later", "x");
  use_remote();
  home.git("push -q origin " + pull.branch);
  home.git("branch -D " + pull.branch);
  home.git("fetch -q --depth 1 origin main");
  home.git("reflog expire --expire=now --all");
  CHECK_THROWS_WITH_AS(find(), doctest::Contains("this shallow clone ends before the commit"), Error);
  home.git("fetch -q --unshallow origin");
  CHECK(find().continues);
}

TEST_CASE_FIXTURE(StartFixture, "a merge driver whose program is in the branch of the request") {
  commit("main", ".gitattributes", "l merge=mine");
  commit("main", "l", "one");
  forge::PullRequest& pull = open_pull_request();
  const std::string ran = (user.path() / "ran").string();
  shell(home.path(), "git config merge.mine.driver 'sh driver %A'");
  commit(pull.branch, "driver", "touch " + ran + "; echo merged >$1");
  const auto head = commit(pull.branch, "l", "work");
  const auto base = commit("main", "l", "base");
  SUBCASE("is held, and merges") {
    if (!run::walls_for_drivers(services())) {
      MESSAGE("NOT SHOWN HERE: bubblewrap does not work on this machine");
      return;
    }
    const auto start = find();
    CHECK(open->repository.commit(start.commit).parents == std::vector{head, base});
    CHECK(shell(home.path(), "git show " + start.commit.hex() + ":l") == "merged");
    CHECK(shell(home.path(), "git for-each-ref refs/changelings/rooms").empty());
    CHECK(home.is_sound());
  }
  SUBCASE("is not run where nothing holds it") {
    open->environment.set("CHANGELING_SANDBOX", "off");
    CHECK_THROWS_AS(find(), run::DriverRefused);
  }
  CHECK_FALSE(std::filesystem::exists(ran));
}
