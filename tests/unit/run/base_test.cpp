#include "run/base.hpp"

#include <doctest/doctest.h>

#include "project/base_branch.hpp"
#include "start_fixture.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::testing::StartFixture;

namespace {

/// A forge that wants branches on the remote, as GitHub does.
class RemoteForge : public forge::LocalForge {
 public:
  using LocalForge::LocalForge;
  bool needs_pushed_branch() const override { return true; }
};

struct BaseFixture : StartFixture {
  run::Base find_base() {
    told.messages.clear();
    return run::find_base(services(), told.observer(), definition, "changelings/sprite/r1");
  }
  run::Base find_base_elsewhere() {
    told.messages.clear();
    RemoteForge elsewhere(open->store, open->requests, open->clock);
    const project::Services& own = services();
    const project::Services remote{own.repository, own.store,  own.runs,  own.git,
                                   own.processes,  elsewhere,  own.clock, own.environment,
                                   own.places,     own.remote, own.host};
    return run::find_base(remote, told.observer(), definition, "changelings/sprite/r1");
  }
  std::optional<std::string> why_held(const git::ObjectId& base) {
    return run::why_held(services(), "main", base.hex());
  }
  std::string said() const { return told.messages.empty() ? "" : told.messages.front(); }
  void on_remote(const std::string& arguments) { shell(user.path(), "git -C remote.git " + arguments); }
  std::string known() const {
    return project::base_branch(open->repository, open->services.remote, definition);
  }
};

}  // namespace

TEST_CASE_FIXTURE(BaseFixture,
                  "the base branch: the definition's, the configured one, main, master, the current one") {
  CHECK(known() == "main");
  home.git("branch -m trunk");
  CHECK(known() == "trunk");
  home.git("branch master");
  CHECK(known() == "master");
  home.git("branch main");
  CHECK(known() == "main");
  home.git("config changeling.base develop");
  CHECK(known() == "develop");
  definition.base_branch = "release";
  CHECK(known() == "release");
  CHECK_THROWS_WITH_AS(find_base(), doctest::Contains("no branch 'release'"), Error);
}

TEST_CASE_FIXTURE(BaseFixture, "the base branch is what the remote's HEAD was when it was last seen") {
  use_remote();
  home.git("branch dev/next");
  home.git("push -q origin dev/next");
  CHECK(known() == "main");
  home.git("symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/dev/next");
  CHECK(known() == "dev/next");
}

TEST_CASE_FIXTURE(BaseFixture, "the remote is asked for its default branch") {
  use_remote();
  home.git("branch develop");
  home.git("push -q origin develop");
  on_remote("symbolic-ref HEAD refs/heads/develop");

  SUBCASE("it is not guessed where nothing here tells") {
    CHECK(find_base().branch == "develop");
    CHECK(told.messages.empty());
  }
  SUBCASE("another one than the one known here is said, and remembered for times without a network") {
    home.git("fetch -q origin");
    home.git("symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main");
    CHECK(find_base().branch == "develop");
    CHECK(said() ==
          "the default branch of origin is develop now, not main; working on develop "
          "(to stay: git config changeling.base main)");
    CHECK(known() == "develop");
    find_base();
    CHECK(told.messages.empty());
  }
  SUBCASE("unless a branch was chosen") {
    home.git("config changeling.base main");
    CHECK(find_base().branch == "main");
    CHECK(told.messages.empty());
  }
}

TEST_CASE_FIXTURE(BaseFixture, "a default branch that was renamed on the remote is followed") {
  use_remote();
  home.git("fetch -q origin");
  home.git("symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main");
  on_remote("branch -m main trunk");
  CHECK(find_base().branch == "trunk");
  REQUIRE(told.messages.size() == 1);
  CHECK(said().starts_with("the default branch of origin is trunk now, not main"));
  definition.base_branch = "main";
  CHECK_THROWS_WITH_AS(find_base(), doctest::Contains("main is not on origin any more"), Error);
  CHECK_THROWS_WITH_AS(find_base(), doctest::Contains("the default branch there is trunk"), Error);
}

TEST_CASE_FIXTURE(BaseFixture, "a remote that does not say what its default branch is") {
  use_remote();
  on_remote("symbolic-ref HEAD refs/heads/nowhere");
  CHECK(find_base().branch == "main");
  CHECK(said().starts_with("origin does not say which branch is its default one; working on main"));
  on_remote("branch -m main trunk");
  CHECK_THROWS_WITH_AS(find_base(), doctest::Contains("which branch is the default one now it does not say"),
                       Error);
}

TEST_CASE_FIXTURE(BaseFixture, "without a remote the local branch counts, also while the user is elsewhere") {
  shell(home.path(), "git checkout -q --detach && git commit -q --allow-empty -m elsewhere");
  const auto start = find();
  CHECK(start.base == "main");
  CHECK(start.base_commit == main());
  CHECK(start.commit == main());
  CHECK_FALSE(start.continues);
}

TEST_CASE_FIXTURE(BaseFixture,
                  "with a remote its newest commit is fetched, and nothing of the user's moves") {
  use_remote();
  const auto newest = commit_on_remote("new");
  const auto before = main();
  CHECK(find_base().commit == newest);
  CHECK(main() == before);
  CHECK(told.messages.empty());
  CHECK_FALSE(std::filesystem::exists(home.path() / ".git/FETCH_HEAD"));
}

TEST_CASE_FIXTURE(BaseFixture, "commits that are only here: the run starts from them and its branch stays") {
  use_remote();
  home.git("fetch -q origin");
  const auto pushed = main();
  const auto local = commit("main", "wip", "x");
  CHECK_FALSE(why_held(pushed));

  SUBCASE("with the local forge") {
    CHECK(find_base().commit == local);
    CHECK(said().starts_with("1 commit of main is on no remote, so the run's branch stays here"));
    CHECK(why_held(local));
  }
  SUBCASE("until they are pushed") {
    home.git("push -q origin main");
    CHECK(find_base().commit == local);
    CHECK(told.messages.empty());
    CHECK_FALSE(why_held(local));
  }
  SUBCASE("as part of another branch as well") {
    home.git("push -q origin main:elsewhere");
    CHECK(find_base().commit == local);
    CHECK(told.messages.empty());
    CHECK_FALSE(why_held(local));
  }
  SUBCASE("or allowed") {
    home.git("config changeling.unpushed allow");
    CHECK(find_base().commit == local);
    CHECK(said().starts_with("1 commit of main that is on no remote will go out"));
    CHECK_FALSE(why_held(local));
    CHECK(find_base_elsewhere().commit == local);
  }
  SUBCASE("or left out") {
    home.git("config changeling.unpushed ignore");
    CHECK(find_base().commit == pushed);
    CHECK(said().starts_with("main here is ahead of origin/main; starting from origin/main"));
  }
  SUBCASE("and with a forge elsewhere they are left out") {
    CHECK(find_base_elsewhere().commit == pushed);
    CHECK(said().starts_with("main here is ahead of origin/main; starting from origin/main"));
  }
  SUBCASE("a value that nobody knows") {
    home.git("config changeling.unpushed maybe");
    CHECK_THROWS_WITH_AS(find_base(), doctest::Contains("changeling.unpushed: 'maybe' is not known"), Error);
  }
}

TEST_CASE_FIXTURE(BaseFixture, "a branch that was never pushed") {
  use_remote();
  home.git("fetch -q origin");
  home.git("branch mine");
  const auto mine = commit("mine", "file", "x");
  definition.base_branch = "mine";
  CHECK(find_base().commit == mine);
  CHECK(said().starts_with("1 commit of mine is on no remote"));
  CHECK_THROWS_WITH_AS(find_base_elsewhere(), doctest::Contains("1 commit of mine is on no remote"), Error);
}

TEST_CASE_FIXTURE(BaseFixture, "where both sides have commits the remote's count, and it is said") {
  use_remote();
  const auto theirs = commit_on_remote("theirs");
  commit("main", "ours", "x");
  CHECK(find_base().commit == theirs);
  CHECK(said().starts_with("main here and origin/main have gone different ways; starting from origin/main"));
}

TEST_CASE_FIXTURE(BaseFixture, "a commit that was purged on the remote is not started from") {
  use_remote();
  commit("main", "leak", "secret");
  home.git("push -q origin main");
  const auto clean = rewrite_remote("main^", "clean");
  CHECK(find_base().commit == clean);
  CHECK(told.messages.size() == 1);
}

TEST_CASE_FIXTURE(BaseFixture, "a remote that cannot be reached is a message") {
  use_remote();
  std::filesystem::remove_all(user.path() / "remote.git");
  CHECK(find_base().commit == main());
  REQUIRE(told.messages.size() >= 2);
  CHECK(said().starts_with("could not fetch main from origin, going on with what is here"));
  CHECK(told.messages[1].starts_with("nothing here tells the default branch of origin; working on main"));
}

TEST_CASE_FIXTURE(BaseFixture, "a clone of one commit, without a branch of its own") {
  use_remote();
  const auto newest = commit_on_remote("new");
  const testing::TemporaryFolder place;
  const std::string url = "file://" + (user.path() / "remote.git").string();
  shell(place.path(), "git init -q clone && cd clone && git remote add -t main origin " + url +
                          " && git fetch -q --depth 1 origin main && git checkout -q --detach FETCH_HEAD"
                          " && git update-ref -d refs/remotes/origin/main");
  testing::OpenServices clone(place.path() / "clone", place.path(), "origin");
  const auto base = run::find_base(clone.services, told.observer(), definition, "changelings/sprite/r1");
  CHECK(base.branch == "main");
  CHECK(base.commit == newest);
  CHECK(told.messages.empty());
}

TEST_CASE_FIXTURE(BaseFixture, "a fork that has nothing of what a shallow clone holds") {
  use_remote();
  commit_on_remote("new");
  const testing::TemporaryFolder place;
  shell(place.path(), "git init -q --bare fork.git && git clone -q --depth 1 file://" +
                          (user.path() / "remote.git").string() +
                          " clone && cd clone"
                          " && git remote add fork " +
                          (place.path() / "fork.git").string() + " && git config changeling.pushRemote fork");
  testing::OpenServices clone(place.path() / "clone", place.path(), "origin");
  const auto start = [&] {
    told.messages.clear();
    run::find_base(clone.services, told.observer(), definition, "changelings/sprite/r1");
  };
  start();
  REQUIRE(told.messages.size() == 1);
  CHECK(said().starts_with("this clone is shallow and fork has nothing of what is here"));
  CHECK(said().find("git fetch --unshallow origin") != std::string::npos);
  shell(user.path() / "remote.git", "git push -q " + (place.path() / "fork.git").string() + " main:main");
  start();
  CHECK(told.messages.empty());
}

TEST_CASE_FIXTURE(BaseFixture, "a branch with the name of the folder that the run's branch would lie in") {
  use_remote();
  SUBCASE("here") {
    home.git("branch changelings");
    CHECK_THROWS_WITH_AS(find_base(), doctest::Contains("there is a branch 'changelings' here"), Error);
  }
  SUBCASE("here, called like the changeling") {
    home.git("branch changelings/sprite");
    CHECK_THROWS_WITH_AS(find_base(), doctest::Contains("'changelings/sprite' here"), Error);
  }
  SUBCASE("on the remote") {
    home.git("push -q origin main:refs/heads/changelings");
    CHECK_THROWS_WITH_AS(find_base(), doctest::Contains("there is a branch 'changelings' on origin"), Error);
  }
  SUBCASE("which does not matter with another prefix") {
    home.git("branch changelings");
    CHECK(run::find_base(services(), told.observer(), definition, "bots/sprite/r1").commit == main());
  }
}

TEST_CASE_FIXTURE(BaseFixture,
                  "what is on any branch of the remote is published, whether it is noted here or not") {
  use_remote();
  const auto local = commit("main", "work", "1");
  CHECK(why_held(local));
  CHECK_FALSE(run::is_published(services(), local));
  // As in a clone of a single branch, where git notes nothing of what was pushed.
  home.git("push -q file://" + (user.path() / "remote.git").string() +
           " main:refs/heads/changelings/sprite/r0");
  CHECK_FALSE(why_held(local));
  CHECK(run::is_published(services(), local));
  shell(user.path(), "mv remote.git away.git");
  CHECK(why_held(local));
}
