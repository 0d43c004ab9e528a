#include "forge/merged_by_hand.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "git/program.hpp"
#include "local_fixture.hpp"
#include "store/records.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::forge;
using changeling::testing::LocalFixture;

namespace {

/// main holds one commit; the branch "work" adds two and is proposed as pull request 1.
struct Fixture : LocalFixture {
  Fixture() {
    commit("file.txt", "one\ntwo\nthree\nfour\nfive\nsix\nseven\n", "first");
    git("switch -q -c work");
    commit("new.txt", "new\n", "add new.txt");
    commit("file.txt", "ONE\ntwo\nthree\nfour\nfive\nsix\nseven\n", "shout");
    git("switch -q main");
    Proposal wanted = proposal("work");
    wanted.head = at("work").hex();
    wanted.base_commit = at("main").hex();
    forge.open(wanted, warnings);
  }
  void git(const std::string& arguments) const { repository_files.git(arguments); }
  void commit(const std::string& name, const std::string& content, const std::string& message) const {
    std::ofstream(repository_files.path() / name) << content;
    git("add " + name);
    git("commit -q -m '" + message + "'");
  }
  /// Somebody else's work, so that nothing is moved forward only.
  void commit_besides() const { commit("other.txt", "other\n", "other"); }
  git::ObjectId at(const std::string& branch) const {
    return repository.resolve("refs/heads/" + branch).value();
  }
  SystemProcessRunner processes;
  git::GitProgram program{processes, Environment::of_this_process(), repository_files.path()};
  std::optional<git::ObjectId> found() const {
    return where_merged(repository, program, at("work"), at("main"));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "what nobody has merged is not merged") {
  CHECK_FALSE(found());
  commit_besides();
  CHECK_FALSE(found());
  git("cherry-pick work~1");
  CHECK_FALSE(found());
  CHECK(notice_merges(repository, program, forge, forge.open_pull_requests()).empty());
  CHECK(forge.open_pull_requests().size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a merge by hand is recognised, however it was made") {
  commit_besides();
  SUBCASE("with a merge commit") {
    git("merge -q --no-edit work");
  }
  SUBCASE("squashed into one commit") {
    git("merge -q --squash work");
    git("commit -q -m squashed");
  }
  SUBCASE("rebased") {
    git("cherry-pick work~1 work");
  }
  SUBCASE("in an order of its own, with something in between") {
    git("cherry-pick work");
    commit("more.txt", "more\n", "more");
    git("cherry-pick work~1");
  }
  const git::ObjectId by = at("main");
  commit("later.txt", "later\n", "later");
  CHECK(found() == by);

  const auto merged = notice_merges(repository, program, forge, forge.open_pull_requests());
  REQUIRE(merged.size() == 1);
  CHECK(merged.front().state == "merged");
  const auto record = store::read_pull_request(store.snapshot(), 1);
  CHECK(record->state == store::PullRequestState::Merged);
  CHECK(record->merge_commit == by.hex());
  CHECK(notice_merges(repository, program, forge, forge.open_pull_requests()).empty());
}

TEST_CASE_FIXTURE(Fixture, "what was looked for in vain is not looked for again until something moves") {
  commit_besides();
  CHECK(notice_merges(repository, program, forge, forge.open_pull_requests()).empty());
  struct Counting : ProcessRunner {
    using ProcessRunner::run;
    ProcessResult run(const Command& command, std::chrono::milliseconds time_limit) override {
      ++runs;
      return SystemProcessRunner().run(command, time_limit);
    }
    int runs = 0;
  } counting;
  const git::GitProgram counted{counting, Environment::of_this_process(), repository_files.path()};
  CHECK(notice_merges(repository, counted, forge, forge.open_pull_requests()).empty());
  CHECK(counting.runs == 0);
  git("merge -q --no-edit work");
  CHECK(notice_merges(repository, counted, forge, forge.open_pull_requests()).size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "what could not be told is looked for again") {
  commit_besides();
  git("merge -q --squash work");
  std::ofstream(repository_files.path() / "more.txt") << "more\n";
  git("add --all");
  git("commit -q -m 'its work, and more'");
  struct Failing : ProcessRunner {
    ProcessResult run(const Command& /*command*/, std::chrono::milliseconds /*time_limit*/) override {
      throw Error(ErrorKind::External, "no space left on device");
    }
  } failing;
  const git::GitProgram without{failing, Environment::of_this_process(), repository_files.path()};
  CHECK(notice_merges(repository, without, forge, forge.open_pull_requests()).empty());
  CHECK(notice_merges(repository, program, forge, forge.open_pull_requests()).size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "moved forward") {
  git("merge -q --ff-only work");
  CHECK(found() == at("work"));
}

TEST_CASE_FIXTURE(Fixture,
                  "a squashed one that was changed on later, and one of which nothing is left to merge") {
  SUBCASE("changed on") {
    commit_besides();
    git("merge -q --squash work");
    git("commit -q -m squashed");
    const git::ObjectId by = at("main");
    commit("file.txt", "uno\n", "all new");
    CHECK(found() == by);
  }
  SUBCASE("in another shape") {
    commit("new.txt", "new\n", "add new.txt too");
    commit("file.txt", "ONE\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n", "shout more");
    CHECK(found() == at("main"));
  }
}

TEST_CASE_FIXTURE(Fixture, "the branch of a remote counts as well") {
  git("switch -q -c theirs");
  git("merge -q --no-ff --no-edit work");
  git("update-ref refs/remotes/origin/main theirs");
  git("config remote.origin.url .");
  git("switch -q main");
  const auto pull = forge.find(1);
  REQUIRE(pull);
  CHECK(where_merged(repository, program, *pull) == at("theirs"));
}
