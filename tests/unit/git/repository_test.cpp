#include "git/repository.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <thread>

#include "../temporary_repository.hpp"
#include "git/locked_reference.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::testing::hermetic_environment;
using changeling::testing::TemporaryFolder;
using changeling::testing::TemporaryRepository;

namespace {

const git::Identity author{"Tester", "tester@example.com"};
const Timestamp noon = parse_timestamp("2026-11-20T12:00:00Z");

git::ObjectId commit_files(git::Repository& repository, const std::map<std::string, std::string>& files,
                           const std::vector<git::ObjectId>& parents) {
  std::map<std::string, git::FileEdit> edits;
  for (const auto& [path, content] : files) edits.insert_or_assign(path, repository.write_blob(content));
  const git::ObjectId base =
      parents.empty() ? repository.empty_tree() : repository.commit(parents.front()).tree;
  return repository.create_commit(repository.edit_tree(base, edits), parents, author, noon, "change files\n");
}

}  // namespace

TEST_CASE("a repository is found from every place that git accepts") {
  const TemporaryRepository home;
  home.git("commit --allow-empty -m first");
  std::filesystem::create_directories(home.path() / "deep" / "er");
  const auto common = home.path() / ".git";

  CHECK(git::Repository::discover(home.path() / "deep" / "er", hermetic_environment()).common_directory() ==
        common);
  CHECK(git::Repository::discover(common, hermetic_environment()).common_directory() == common);

  home.git("worktree add -q ../linked -b side");
  const auto linked = git::Repository::discover(home.path().parent_path() / "linked", hermetic_environment());
  CHECK(linked.common_directory() == common);
  CHECK(linked.work_tree() == home.path().parent_path() / "linked");
  CHECK(linked.current_branch() == "side");
  CHECK(linked.display_name() == "repository");

  const TemporaryRepository bare("--bare");
  CHECK(bare.open().is_bare());
  CHECK_FALSE(bare.open().work_tree());
}

TEST_CASE("a place without a repository and repositories we cannot read are refused with a way out") {
  const TemporaryFolder nothing;
  const auto fails = [](const std::filesystem::path& path, ErrorKind kind, const std::string& part) {
    try {
      git::Repository::discover(path, hermetic_environment());
      FAIL("opened " << path);
    } catch (const Error& error) {
      CHECK(error.kind() == kind);
      CHECK(std::string(error.what()).find(part) != std::string::npos);
      CHECK_FALSE(error.hint().empty());
    }
  };
  fails(nothing.path(), ErrorKind::NotFound, "not in a git repository");

  const TemporaryRepository sha256("--object-format=sha256");
  fails(sha256.path(), ErrorKind::Refused, "SHA-256");

  const TemporaryRepository reftable;
  reftable.git("config core.repositoryformatversion 1");
  reftable.git("config extensions.refstorage reftable");
  fails(reftable.path(), ErrorKind::Refused, "reftable");
}

TEST_CASE("the worktreeConfig extension is accepted") {
  const TemporaryRepository home;
  home.git("config core.repositoryformatversion 1");
  home.git("config extensions.worktreeConfig true");
  CHECK(home.open().current_branch() == "main");
}

TEST_CASE("configuration passed on by git -c is seen and is the strongest") {
  const TemporaryRepository home;
  home.git("config changeling.forge github");
  Environment environment = hermetic_environment();
  environment.set("GIT_CONFIG_PARAMETERS", "'changeling.forge'='local' 'changeling.word'='it'\\''s'");
  const auto repository = git::Repository::discover(home.path(), environment);
  CHECK(repository.config("changeling.forge") == "local");
  CHECK(repository.config("Changeling.Forge") == "local");
  CHECK(repository.config("changeling.word") == "it's");
  CHECK(home.open().config("changeling.forge") == "github");
  CHECK_FALSE(home.open().config("changeling.missing"));
}

TEST_CASE("add_config adds each value once and keeps the others") {
  const TemporaryRepository home;
  auto repository = home.open();
  repository.add_config("remote.origin.fetch", "refs/a:refs/b");
  repository.add_config("remote.origin.fetch", "refs/c:refs/d");
  repository.add_config("remote.origin.fetch", "refs/a:refs/b");
  CHECK(repository.config_all("remote.origin.fetch") ==
        std::vector<std::string>{"refs/a:refs/b", "refs/c:refs/d"});
}

TEST_CASE("trees are edited by path and folders that become empty disappear") {
  const TemporaryRepository home;
  auto repository = home.open();
  const auto blob = repository.write_blob("text");
  const auto tree =
      repository.edit_tree(repository.empty_tree(), {{"a/b/one", blob}, {"a/two", blob}, {"three", blob}});
  CHECK(repository.read_file(tree, "a/b/one") == "text");
  CHECK_FALSE(repository.read_file(tree, "a/b"));

  const auto smaller = repository.edit_tree(tree, {{"a/b/one", std::nullopt}, {"three", std::nullopt}});
  CHECK(repository.list_tree(smaller, "").size() == 1);
  CHECK(repository.list_tree(smaller, "a").size() == 1);
  CHECK(repository.edit_tree(smaller, {{"a/two", std::nullopt}}) == repository.empty_tree());
  CHECK(repository.edit_tree(smaller, {{"not/there", std::nullopt}}) == smaller);

  CHECK_THROWS_AS(repository.edit_tree(tree, {{"three/below", blob}}), Error);
  CHECK_THROWS_AS(repository.edit_tree(tree, {{"x", blob}, {"x/y", blob}}), Error);
}

TEST_CASE("compare-and-swap moves a reference only from the expected value") {
  const TemporaryRepository home;
  auto repository = home.open();
  const auto first = commit_files(repository, {{"f", "1"}}, {});
  const auto second = commit_files(repository, {{"f", "2"}}, {first});
  const std::string name = "refs/changelings/state";

  CHECK(repository.compare_and_swap(name, first, second, "x") == git::SwapResult::Moved);
  CHECK(repository.compare_and_swap(name, std::nullopt, first, "x") == git::SwapResult::Swapped);
  CHECK(repository.compare_and_swap(name, std::nullopt, second, "x") == git::SwapResult::Moved);
  CHECK(repository.compare_and_swap(name, first, second, "x") == git::SwapResult::Swapped);
  CHECK(repository.compare_and_swap(name, first, second, "x") == git::SwapResult::Moved);
  CHECK(repository.resolve(name) == second);
  CHECK(repository.remove_reference(name, first) == git::SwapResult::Moved);
  CHECK(repository.remove_reference(name, second) == git::SwapResult::Swapped);
  CHECK_FALSE(repository.resolve(name));
  CHECK(home.is_sound());
}

TEST_CASE("a lock on a reference is waited for, and named when it stays") {
  const TemporaryRepository home;
  auto repository = home.open();
  const auto first = commit_files(repository, {{"f", "1"}}, {});
  const auto second = commit_files(repository, {{"f", "2"}}, {first});
  const std::string name = "refs/heads/locked";
  const auto folder = repository.common_directory();
  REQUIRE(repository.compare_and_swap(name, std::nullopt, first, "x") == git::SwapResult::Swapped);
  const auto fails_with = [&](const std::filesystem::path& lock, const auto& write) {
    std::ofstream(lock) << "";
    try {
      write();
      FAIL("written");
    } catch (const git::LockedReference& error) {
      CHECK(error.kind() == ErrorKind::Conflict);
      CHECK(std::string(error.what()).find(lock.string() + " exists") != std::string::npos);
      CHECK(error.hint().find("rm " + lock.string()) != std::string::npos);
    }
    CHECK(std::filesystem::remove(lock));
  };
  const std::filesystem::path lock = folder / (name + ".lock");
  fails_with(lock, [&] { repository.compare_and_swap(name, first, second, "x"); });
  fails_with(lock, [&] { repository.remove_reference(name, first); });
  CHECK(repository.resolve(name) == first);

  std::ofstream(lock) << "";
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    std::filesystem::remove(lock);
  });
  CHECK(repository.compare_and_swap(name, first, second, "x") == git::SwapResult::Swapped);
  other.join();
  home.git("pack-refs --all");
  fails_with(folder / "packed-refs.lock", [&] { repository.remove_reference(name, second); });
  CHECK(repository.remove_reference(name, second) == git::SwapResult::Swapped);
}

TEST_CASE("of many threads swapping from the same value exactly one wins") {
  const TemporaryRepository home;
  auto repository = home.open();
  const auto first = commit_files(repository, {{"f", "1"}}, {});
  REQUIRE(repository.compare_and_swap("refs/changelings/state", std::nullopt, first, "x") ==
          git::SwapResult::Swapped);
  for (int round = 0; round < 20; ++round) {
    const auto tip = *repository.resolve("refs/changelings/state");
    std::atomic<int> winners = 0;
    std::vector<std::thread> threads;
    for (int index = 0; index < 8; ++index) {
      threads.emplace_back([&, index] {
        auto own = home.open();
        const auto next = own.create_commit(own.commit(tip).tree, {tip}, author, noon,
                                            "by " + std::to_string(index) + "\n");
        if (own.compare_and_swap("refs/changelings/state", tip, next, "x") == git::SwapResult::Swapped)
          ++winners;
      });
    }
    for (auto& thread : threads) thread.join();
    CHECK(winners == 1);
  }
}

TEST_CASE("the patch id recognises one change on two bases") {
  const TemporaryRepository home;
  auto repository = home.open();
  const auto base = commit_files(repository, {{"f", "1\n"}}, {});
  const auto later = commit_files(repository, {{"other", "x\n"}}, {base});
  const auto change = commit_files(repository, {{"f", "2\n"}}, {base});
  const auto same_change = commit_files(repository, {{"f", "2\n"}}, {later});
  const auto different = commit_files(repository, {{"f", "3\n"}}, {base});
  CHECK(repository.patch_id(base, change) == repository.patch_id(later, same_change));
  CHECK(repository.patch_id(base, change) != repository.patch_id(base, different));
  CHECK_FALSE(repository.patch_id(base, base));
}

TEST_CASE("changes count lines and notice renames") {
  const TemporaryRepository home;
  auto repository = home.open();
  const std::string text = "one\ntwo\nthree\nfour\nfive\n";
  const auto base = commit_files(repository, {{"old", text}, {"f", "1\n2\n"}}, {});
  const auto blob = repository.write_blob(text);
  const auto tree =
      repository.edit_tree(repository.commit(base).tree,
                           {{"old", std::nullopt}, {"new", blob}, {"f", repository.write_blob("1\n3\n4\n")}});
  const auto next = repository.create_commit(tree, {base}, author, noon, "rename\n");
  const auto changes = repository.changes(base, next);
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].path == "f");
  CHECK(changes[0].added_lines == 2);
  CHECK(changes[0].deleted_lines == 1);
  CHECK(changes[1].kind == git::FileChange::Kind::Renamed);
  CHECK(changes[1].old_path == "old");
}

TEST_CASE("a commit's trailers are those of its last paragraph") {
  git::CommitInfo info{git::ObjectId::from_hex(std::string(40, 'a')),
                       git::ObjectId::from_hex(std::string(40, 'b')),
                       {},
                       author,
                       noon,
                       "subject\n\nRun: not this\n\nRun: abc\nOperation: run.start\n"};
  CHECK(info.subject() == "subject");
  CHECK(info.trailer("Run") == "abc");
  CHECK(info.trailer("Operation") == "run.start");
  CHECK_FALSE(info.trailer("Task"));
}

TEST_CASE("names that cannot end a reference are recognised") {
  for (const char* good : {"typo-sprite", "a.b", "naïve"}) CHECK(git::is_valid_reference_component(good));
  for (const char* bad :
       {"", "-a", ".a", "a..b", "a b", "a~", "a^", "a:", "a?", "a*", "a[", "a\\", "a.lock", "a/b", "@{"}) {
    CAPTURE(bad);
    CHECK_FALSE(git::is_valid_reference_component(bad));
  }
}
