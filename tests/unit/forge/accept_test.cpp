#include "forge/accept.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "git/merge.hpp"
#include "git/work_tree_update.hpp"
#include "local_fixture.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

using namespace changeling;
using namespace changeling::forge;
using changeling::testing::LocalFixture;
using changeling::testing::TemporaryFolder;

namespace {

/// main holds one commit with file.txt; the branch "work" adds new.txt and is proposed as pull request 1.
struct Fixture : LocalFixture {
  Fixture() {
    commit("file.txt", "one\ntwo\nthree\n", "first");
    git("switch -q -c work");
    commit("new.txt", "new\n", "add new.txt");
    git("switch -q main");
    Proposal wanted = proposal("work");
    wanted.head = at("work").hex();
    wanted.base_commit = at("main").hex();
    forge.open(wanted, warnings);
  }

  SystemProcessRunner processes;
  Environment program_environment = testing::program_environment();

  std::filesystem::path folder() const { return repository_files.path(); }
  void git(const std::string& arguments) const { repository_files.git(arguments); }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(folder() / name) << content;
  }
  void commit(const std::string& name, const std::string& content, const std::string& message) const {
    write(name, content);
    git("add " + name);
    git("commit -q -m '" + message + "'");
  }
  git::ObjectId at(const std::string& branch) const {
    return repository.resolve("refs/heads/" + branch).value();
  }
  std::string content(const std::string& name) const { return read_file(folder() / name); }
  std::string recorded_state() const {
    return std::string(to_string(store::read_pull_request(store.snapshot(), 1)->state));
  }
  std::optional<std::string> named_head;  ///< The commit that is to be merged.
  Acceptance accept() { return accept_in(folder(), repository, store, 1); }
  Acceptance accept_in(const std::filesystem::path& place, git::Repository& opened, store::Store& its_store,
                       std::int64_t number) {
    const auto tree = git::opened_work_tree(processes, program_environment, place);
    const git::GitProgram program(processes, program_environment, place);
    return accept_pull_request({opened, its_store, program, tree, clock, "origin", named_head}, number);
  }
  /// Brings the files to a commit as an acceptance does that is killed before it moves the branch.
  void write_files(const git::ObjectId& from, const git::ObjectId& to) {
    const git::GitProgram program(processes, program_environment, folder());
    const auto tree = git::opened_work_tree(processes, program_environment, folder()).value();
    git::WorkTreeUpdate(program, tree, repository.common_directory(), from, to).write();
  }
  /// The error of an acceptance, which must have changed neither the branch nor the record.
  Error accepting_fails() {
    const git::ObjectId before = at("main");
    try {
      accept();
    } catch (const Error& error) {
      CHECK(at("main") == before);
      CHECK(recorded_state() == "open");
      CHECK_FALSE(error.hint().empty());
      return error;
    }
    FAIL("accepted");
    return Error(ErrorKind::Internal, "");
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a base that has not moved goes forward, with its files") {
  const Acceptance done = accept();
  CHECK(done.kind == AcceptKind::FastForward);
  CHECK(done.work_tree_updated);
  CHECK(at("main") == at("work"));
  CHECK(done.pull.merge_commit == at("work").hex());
  CHECK(done.pull.closed_by == "Tester <tester@example.com>");
  CHECK(recorded_state() == "merged");
  CHECK(content("new.txt") == "new\n");
  git("diff --quiet HEAD");
  git("diff --cached --quiet HEAD");
  CHECK(repository_files.is_sound());
}

TEST_CASE_FIXTURE(Fixture, "a base that moved gets a merge commit") {
  commit("file.txt", "ONE\ntwo\nthree\n", "shout");
  const git::ObjectId before = at("main");
  const Acceptance done = accept();
  CHECK(done.kind == AcceptKind::Merged);
  const git::CommitInfo merge = repository.commit(at("main"));
  CHECK(merge.parents == std::vector<git::ObjectId>{before, at("work")});
  CHECK(merge.subject() == "Merge pull request 1 of typo-sprite: Correct typos");
  CHECK(merge.trailer("Changeling") == "typo-sprite");
  CHECK(merge.trailer("Changeling-Run") == "r1");
  CHECK(content("file.txt") == "ONE\ntwo\nthree\n");
  CHECK(content("new.txt") == "new\n");
  git("diff --quiet HEAD");
  git("diff --cached --quiet HEAD");
  CHECK(repository_files.is_sound());
}

TEST_CASE_FIXTURE(Fixture, "uncommitted changes elsewhere survive") {
  write("file.txt", "mine\n");
  write("untracked.txt", "mine too\n");
  write("staged.txt", "staged\n");
  git("add staged.txt");
  CHECK(accept().kind == AcceptKind::FastForward);
  CHECK(content("file.txt") == "mine\n");
  CHECK(content("untracked.txt") == "mine too\n");
  git("diff --cached --quiet HEAD -- new.txt");
  CHECK_THROWS(git("diff --cached --quiet HEAD -- staged.txt"));
  CHECK_THROWS(git("diff --quiet -- file.txt"));
}

TEST_CASE_FIXTURE(Fixture, "changes that would be lost stop it before anything happens") {
  SUBCASE("an untracked file in the way") {
    write("new.txt", "precious\n");
  }
  SUBCASE("a staged file in the way") {
    write("new.txt", "precious\n");
    git("add new.txt");
  }
  SUBCASE("staged content behind a file that looks merged already") {
    write("new.txt", "precious\n");
    git("add new.txt");
    write("new.txt", "new\n");
  }
  const std::string before = content("new.txt");
  const Error error = accepting_fails();
  CHECK(error.kind() == ErrorKind::Conflict);
  CHECK(contains(error.what(), "new.txt"));
  CHECK(content("new.txt") == before);
}

TEST_CASE_FIXTURE(Fixture, "conflicts name the paths and change nothing") {
  commit("new.txt", "another\n", "also add new.txt");
  const Error error = accepting_fails();
  CHECK(error.kind() == ErrorKind::Conflict);
  CHECK(contains(error.what(), "new.txt"));
  CHECK(content("new.txt") == "another\n");
  git("diff --quiet HEAD");
}

TEST_CASE_FIXTURE(Fixture, "another branch in the work tree stays as it is") {
  git("switch -q -c elsewhere");
  const Acceptance done = accept();
  CHECK_FALSE(done.work_tree_updated);
  CHECK(at("main") == at("work"));
  CHECK_FALSE(std::filesystem::exists(folder() / "new.txt"));
  git("diff --quiet HEAD");
}

TEST_CASE_FIXTURE(Fixture, "repeated after being killed") {
  SUBCASE("between the files and the branch") {
    write_files(at("main"), at("work"));
    CHECK(accept().kind == AcceptKind::FastForward);
    git("diff --quiet HEAD");
    git("diff --cached --quiet HEAD");
  }
  SUBCASE("between the files and the branch, with a merge") {
    commit("file.txt", "ONE\ntwo\nthree\n", "shout");
    const git::GitProgram program(processes, program_environment, folder());
    const auto result = git::merge(program, repository.common_directory(), at("main"), at("work"));
    const auto merged = repository.create_commit(result.tree.value(), {at("main"), at("work")},
                                                 {"Tester", "tester@example.com"}, clock.now(), "lost");
    write_files(at("main"), merged);
    CHECK(accept().kind == AcceptKind::Merged);
    git("diff --quiet HEAD");
    git("diff --cached --quiet HEAD");
  }
  SUBCASE("between the branch and the record") {
    git("merge -q --no-ff -m merged work");
    const Acceptance done = accept();
    CHECK(done.kind == AcceptKind::AlreadyMerged);
    CHECK(done.pull.merge_commit == at("main").hex());
  }
  CHECK(recorded_state() == "merged");
}

TEST_CASE_FIXTURE(Fixture, "commits that people put on top are merged by those who name them") {
  const git::ObjectId proposed = at("work");
  git("switch -q work");
  commit("by-hand.txt", "1\n", "by hand");
  git("switch -q main");
  const git::ObjectId before = at("main");
  CHECK(contains(accepting_fails().what(), "commits that were not checked"));
  named_head = proposed.hex();
  CHECK(contains(accepting_fails().what(), "would merge " + at("work").short_hex()));
  named_head = "missing";
  CHECK(contains(accepting_fails().what(), "not missing"));
  CHECK(at("main") == before);
  named_head = at("work").short_hex();
  CHECK(accept().pull.head == at("work").hex());
  CHECK(at("main") == at("work"));
}

TEST_CASE_FIXTURE(Fixture, "a branch that lags behind or is gone does not matter") {
  const git::ObjectId head = at("work");
  SUBCASE("behind") {
    git("branch -q -f work main");
  }
  SUBCASE("gone") {
    git("branch -q -D work");
  }
  accept();
  CHECK(at("main") == head);
}

TEST_CASE_FIXTURE(Fixture, "a branch that was rewritten is not what was reviewed") {
  git("switch -q work");
  git("commit -q --amend -m rewritten");
  git("switch -q main");
  CHECK(contains(accepting_fails().what(), "was rewritten"));
}

TEST_CASE_FIXTURE(Fixture, "what is merged stays merged") {
  const Acceptance first = accept();
  commit("later.txt", "x\n", "later");
  const git::ObjectId tip = at("main");
  const Acceptance second = accept();
  CHECK(second.kind == AcceptKind::AlreadyMerged);
  CHECK(second.pull.merge_commit == first.pull.merge_commit);
  CHECK(at("main") == tip);
  CHECK_THROWS_AS(forge.close(1, "no"), Error);
  CHECK(recorded_state() == "merged");
}

TEST_CASE_FIXTURE(Fixture, "unknown and rejected ones are refused") {
  CHECK_THROWS_AS(accept_in(folder(), repository, store, 9), Error);
  forge.close(1, "not like this");
  try {
    accept();
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Refused);
    CHECK(contains(error.what(), "not like this"));
  }
}

TEST_CASE_FIXTURE(Fixture, "a base that exists only on the remote") {
  git("remote add origin .");
  git("fetch -q origin");
  git("switch -q --detach");
  git("branch -q -D main");
  try {
    accept();
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Refused);
    CHECK(contains(error.what(), "only as origin/main"));
    CHECK(contains(error.hint(), "git branch main origin/main"));
  }
}

TEST_CASE_FIXTURE(Fixture, "a head that was never fetched") {
  Proposal wanted = proposal("work");
  wanted.head = std::string(40, 'd');
  forge.open(wanted, warnings);
  CHECK(accepting_fails().kind() == ErrorKind::NotFound);
}

TEST_CASE_FIXTURE(Fixture, "a base that is checked out in another work tree") {
  TemporaryFolder elsewhere;
  git("switch -q work");
  git("worktree add -q " + (elsewhere.path() / "tree").string() + " main");
  SUBCASE("is refused, with the place") {
    const Error error = accepting_fails();
    CHECK(error.kind() == ErrorKind::Refused);
    CHECK(contains(error.what(), (elsewhere.path() / "tree").string()));
  }
  SUBCASE("is merged from there") {
    git::Repository there =
        git::Repository::discover(elsewhere.path() / "tree", testing::hermetic_environment());
    store::Store its_store{there,
                           clock,
                           std::string(store::default_reference),
                           {"Tester", "tester@example.com"},
                           elsewhere.path() / "lock"};
    CHECK(accept_in(elsewhere.path() / "tree", there, its_store, 1).work_tree_updated);
    CHECK(read_file(elsewhere.path() / "tree" / "new.txt") == "new\n");
  }
  SUBCASE("does not matter once its folder is gone") {
    std::filesystem::remove_all(elsewhere.path() / "tree");
    CHECK(accept().kind == AcceptKind::FastForward);
  }
}

TEST_CASE_FIXTURE(Fixture, "the main work tree is seen from a linked one") {
  TemporaryFolder elsewhere;
  git("worktree add -q --detach " + (elsewhere.path() / "tree").string());
  git::Repository there =
      git::Repository::discover(elsewhere.path() / "tree", testing::hermetic_environment());
  store::Store its_store{there,
                         clock,
                         std::string(store::default_reference),
                         {"Tester", "tester@example.com"},
                         elsewhere.path() / "lock"};
  try {
    accept_in(elsewhere.path() / "tree", there, its_store, 1);
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(contains(error.what(), folder().string()));
  }
}

TEST_CASE_FIXTURE(Fixture, "a rebase or merge of the base is not disturbed") {
  SUBCASE("rebase") {
    git("branch -q upstream");
    commit("file.txt", "ONE\ntwo\nthree\n", "shout");
    git("switch -q upstream");
    commit("file.txt", "uno\ntwo\nthree\n", "translate");
    git("switch -q main");
    CHECK_THROWS(git("rebase upstream"));
    const Error error = accepting_fails();
    CHECK(contains(error.what(), "a rebase is under way"));
    CHECK(contains(error.hint(), "git rebase --abort"));
  }
  SUBCASE("merge") {
    git("branch -q topic");
    commit("file.txt", "ONE\ntwo\nthree\n", "shout");
    git("switch -q topic");
    commit("file.txt", "uno\ntwo\nthree\n", "translate");
    git("switch -q main");
    CHECK_THROWS(git("merge topic"));
    CHECK(contains(accepting_fails().what(), "a merge is under way"));
  }
}

TEST_CASE("a bare repository has no work tree to mind") {
  Fixture source;
  TemporaryFolder place;
  const std::string bare = (place.path() / "bare.git").string();
  source.git("clone -q --bare . " + bare);
  source.git("push -q " + bare + " refs/changelings/state:refs/changelings/state");
  git::Repository repository = git::Repository::discover(bare, testing::hermetic_environment());
  store::Store store{repository,
                     source.clock,
                     std::string(store::default_reference),
                     {"Tester", "tester@example.com"},
                     place.path() / "lock"};
  const Acceptance done = source.accept_in(bare, repository, store, 1);
  CHECK(done.kind == AcceptKind::FastForward);
  CHECK_FALSE(done.work_tree_updated);
  CHECK(repository.resolve("refs/heads/main") == repository.resolve("refs/heads/work"));
}

TEST_CASE_FIXTURE(Fixture, "what was merged and taken out of the base again is not said to be in it") {
  accept();
  git("reset -q --hard HEAD~1");
  try {
    accept();
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Refused);
    CHECK(contains(error.what(), "but main does not contain that here"));
    CHECK(contains(error.hint(), "git merge " + at("work").short_hex()));
  }
  git("merge -q work");
  CHECK(accept().kind == AcceptKind::AlreadyMerged);
}

TEST_CASE_FIXTURE(Fixture, "a lock on the branch that stays is named before files are written") {
  write(".git/refs/heads/main.lock", "");
  const auto before = std::filesystem::last_write_time(folder() / "file.txt");
  const Error error = accepting_fails();
  CHECK(error.kind() == ErrorKind::Conflict);
  CHECK(contains(error.what(), "refs/heads/main.lock exists"));
  CHECK(contains(error.hint(), "rm "));
  CHECK(std::filesystem::last_write_time(folder() / "file.txt") == before);
  CHECK_FALSE(std::filesystem::exists(folder() / "new.txt"));
  std::filesystem::remove(folder() / ".git/refs/heads/main.lock");
  CHECK(accept().kind == AcceptKind::FastForward);
}

TEST_CASE_FIXTURE(Fixture, "a base that has gone another way than the remote's is not joined with it") {
  // The remote's main was rewritten, and the request began there.
  git("switch -q --orphan rewritten");
  commit("file.txt", "one\ntwo\nthree\n", "rewritten");
  git("update-ref refs/remotes/origin/main rewritten");
  git("switch -q -c again");
  commit("new.txt", "new\n", "add new.txt");
  git("switch -q main");
  Proposal wanted = proposal("again");
  wanted.head = at("again").hex();
  wanted.base_commit = repository.resolve("refs/remotes/origin/main")->hex();
  const auto number = forge.open(wanted, warnings).number;
  const git::ObjectId before = at("main");
  try {
    accept_in(folder(), repository, store, number);
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Conflict);
    CHECK(contains(error.what(), "main here and origin/main have gone different ways"));
    CHECK(contains(error.hint(), "git pull --rebase origin main"));
    CHECK(contains(error.hint(), "git reset --keep origin/main"));
  }
  CHECK(at("main") == before);
  CHECK_FALSE(std::filesystem::exists(folder() / "new.txt"));
  // One that began here joins nothing, but main should not be pushed as it is.
  accept();
  const git::GitProgram program(processes, program_environment, folder());
  CHECK(has_parted_from_remote({repository, store, program, std::nullopt, clock, "origin"}, "main"));
  CHECK_FALSE(has_parted_from_remote({repository, store, program, std::nullopt, clock}, "main"));
  git("reset -q --keep origin/main");
  CHECK(accept_in(folder(), repository, store, number).kind == AcceptKind::FastForward);
}

TEST_CASE_FIXTURE(Fixture, "commits that were taken out of the base do not come back with a request") {
  git("commit -q --amend -m 'without the secret'");
  const Error error = accepting_fails();
  CHECK(error.kind() == ErrorKind::Conflict);
  CHECK(contains(error.what(), "which main does not hold any more"));
  CHECK(contains(error.hint(), "git changeling run typo-sprite"));
  CHECK(contains(error.hint(), ".." + std::string("work && git changeling review reject 1")));
}
