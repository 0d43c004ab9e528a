// git's own maintenance at the same moment as ours.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "../temporary_repository.hpp"
#include "git/fresh_objects.hpp"
#include "git/held_object.hpp"
#include "git/pack_writer.hpp"
#include "git/program.hpp"
#include "git/repository.hpp"

using namespace changeling;
using changeling::testing::program_environment;
using changeling::testing::TemporaryRepository;

namespace {

namespace fs = std::filesystem;

const git::Identity author{"A", "a@example.com"};
const std::string reference = "refs/changelings/state";

/// Runs a command of git's again and again beside the test.
class Meanwhile {
 public:
  Meanwhile(const TemporaryRepository& home, std::string arguments)
      : thread_([this, &home, arguments = std::move(arguments)] {
          while (!stop_) {
            home.git(arguments);
            ++rounds;
          }
        }) {}
  ~Meanwhile() {
    stop_ = true;
    thread_.join();
  }
  std::atomic<int> rounds = 0;

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

git::ObjectId next_commit(git::Repository& repository, const std::optional<git::ObjectId>& tip, int number) {
  const auto blob = repository.write_blob(std::to_string(number) + "\n");
  const auto base = tip ? repository.commit(*tip).tree : repository.empty_tree();
  const auto tree = repository.edit_tree(base, {{"files/" + std::to_string(number), blob}});
  return repository.create_commit(tree, tip ? std::vector{*tip} : std::vector<git::ObjectId>{}, author,
                                  Timestamp(), "m\n");
}

std::vector<fs::path> packs(const TemporaryRepository& home, const std::string& extension) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(home.path() / ".git" / "objects" / "pack")) {
    if (entry.path().extension() == extension) found.push_back(entry.path());
  }
  return found;
}

}  // namespace

TEST_CASE("a reference is moved whatever packs references at the same moment") {
  const TemporaryRepository home;
  auto repository = home.open();
  std::optional<git::ObjectId> tip;
  const Meanwhile packing(home, "pack-refs --all");
  for (int number = 0; number < 300 || packing.rounds < 20; ++number) {
    const auto next = next_commit(repository, tip, number);
    while (repository.compare_and_swap(reference, tip, next, "x") == git::SwapResult::Moved)
      REQUIRE(repository.resolve(reference) == tip);
    tip = next;
  }
  CHECK(repository.resolve(reference) == tip);
  CHECK(home.is_sound());
}

TEST_CASE("what was written while git gc --prune=now was at work is all there") {
  const TemporaryRepository home;
  auto repository = home.open();
  std::optional<git::ObjectId> tip;
  const auto move = [&](int number) {
    const auto next = next_commit(repository, tip, number);
    // gc packs references, too, and locks this one for it.
    while (repository.compare_and_swap(reference, tip, next, "x") == git::SwapResult::Moved)
      REQUIRE(repository.resolve(reference) == tip);
    tip = next;
  };
  move(0);
  {
    const Meanwhile collecting(home, "gc -q --prune=now");
    for (int number = 1; number < 100 || collecting.rounds < 5; ++number) move(number);
  }
  CHECK(home.is_sound());
  CHECK(repository.history(*tip, 0).size() >= 100);
}

TEST_CASE("an object that was deleted before its reference was moved is written again") {
  const TemporaryRepository home;
  auto repository = home.open();
  const auto first = next_commit(repository, std::nullopt, 0);
  home.git("prune --expire=now");
  CHECK_FALSE(home.open().has_object(first));
  repository.compare_and_swap(reference, std::nullopt, first, "x");
  CHECK(home.is_sound());
}

TEST_CASE("a tree that was deleted before its commit was made is written again") {
  const TemporaryRepository home;
  auto repository = home.open();
  const auto blob = repository.write_blob("text\n");
  const auto tree = repository.edit_tree(repository.empty_tree(), {{"file", blob}});
  home.git("prune --expire=now");
  const auto commit = repository.create_commit(tree, {}, author, Timestamp(), "m\n");
  repository.compare_and_swap(reference, std::nullopt, commit, "x");
  CHECK(home.is_sound());
}

TEST_CASE("while a gc is at work, what was written goes into a pack as well") {
  const TemporaryRepository home;
  auto repository = home.open();
  const auto first = next_commit(repository, std::nullopt, 0);
  const auto note = home.path() / ".git" / "gc.pid";
  std::ofstream(note) << ::getpid() << " thishost\n";
  CHECK(git::is_collecting_garbage(home.path() / ".git"));
  repository.compare_and_swap(reference, std::nullopt, first, "x");
  CHECK(packs(home, ".pack").size() == 1);
  // As the end of that gc would: it does not know of the reference.
  home.git("count-objects");
  for (const auto& entry : fs::directory_iterator(home.path() / ".git" / "objects")) {
    if (entry.path().filename().string().size() == 2) fs::remove_all(entry.path());
  }
  CHECK(home.is_sound());
  // One that was killed has left its note behind.
  std::ofstream(note) << "999999999 thishost\n";
  CHECK_FALSE(git::is_collecting_garbage(home.path() / ".git"));
}

TEST_CASE("a pack is kept until a reference leads to it") {
  const TemporaryRepository home;
  auto repository = home.open();
  git::PackWriter pack(repository);
  const auto blob = pack.write_blob("packed\n");
  pack.finish();
  REQUIRE(packs(home, ".keep").size() == 1);
  home.git("gc -q --prune=now");
  CHECK(repository.has_object(blob));
  const auto tree = repository.edit_tree(repository.empty_tree(), {{"f", blob}});
  const auto commit = repository.create_commit(tree, {}, author, Timestamp(), "m\n");
  repository.compare_and_swap(reference, std::nullopt, commit, "x");
  CHECK(packs(home, ".keep").empty());
  home.git("gc -q --prune=now");
  CHECK(home.is_sound());
}

// What git programs work with, see git/held_object.hpp.

TEST_CASE("what is held outlasts a prune, and its reference goes with it") {
  const TemporaryRepository home;
  auto repository = home.open();
  const auto commit = next_commit(repository, std::nullopt, 0);
  {
    const git::HeldObject held(repository, commit);
    home.git("prune --expire=now");
    CHECK(home.open().has_object(commit));
    const git::HeldObject twice(repository, commit);
    CHECK(repository.references(std::string(git::held_references)).size() == 2);
  }
  CHECK(repository.references(std::string(git::held_references)).empty());
  // Let go before its reference was moved: what it consists of is still remembered.
  home.git("prune --expire=now");
  CHECK_FALSE(home.open().has_object(commit));
  repository.compare_and_swap(reference, std::nullopt, commit, "x");
  CHECK(home.is_sound());
}

TEST_CASE("a commit that git made of a tree that git made is remembered with all that is new in it") {
  const TemporaryRepository home;
  auto repository = home.open();
  const auto first = next_commit(repository, std::nullopt, 0);
  repository.compare_and_swap(reference, std::nullopt, first, "x");
  SystemProcessRunner runner;
  const git::GitProgram program(runner, program_environment(), home.path());
  std::optional<git::ObjectId> made;
  {
    auto elsewhere = home.open();
    const auto tree = elsewhere.commit(next_commit(elsewhere, first, 1)).tree;
    made = git::create_held_commit(repository, program, {tree, {first}, author, Timestamp(), "m\n"}).id;
  }
  home.git("prune --expire=now");
  CHECK_FALSE(home.open().has_object(*made));
  repository.compare_and_swap(reference, first, *made, "x");
  CHECK(home.is_sound());
}

TEST_CASE("what was deleted before it could be held is made again") {
  const TemporaryRepository home;
  auto repository = home.open();
  SystemProcessRunner runner;
  const git::GitProgram program(runner, program_environment(), home.path());
  int made = 0;
  const auto commit = git::make_despite_gc([&] {
    auto elsewhere = home.open();
    const auto tree = elsewhere.commit(next_commit(elsewhere, std::nullopt, 1)).tree;
    if (++made < 3) home.git("prune --expire=now");
    return git::create_held_commit(repository, program, {tree, {}, author, Timestamp(), "m\n"});
  });
  CHECK(made == 3);
  CHECK(home.open().has_object(commit.id));
}

TEST_CASE("what a killed process held goes after a day") {
  const TemporaryRepository home;
  auto repository = home.open();
  const auto first = next_commit(repository, std::nullopt, 0);
  repository.compare_and_swap(reference, std::nullopt, first, "x");
  home.git("update-ref refs/changelings/pending/1700000000-killed refs/changelings/state");
  const git::HeldObject held(repository, first);
  git::remove_held_remains(repository);
  CHECK(repository.references(std::string(git::held_references)).size() == 1);
  CHECK_FALSE(repository.resolve("refs/changelings/pending/1700000000-killed"));
}
