#include <doctest/doctest.h>

#include "fixture.hpp"
#include "project/places.hpp"
#include "run/progress_file.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::project::Places;
using changeling::testing::hermetic_environment;
using changeling::testing::TemporaryFolder;
using changeling::testing::TemporaryRepository;

namespace {

Environment with(std::map<std::string, std::string> variables) {
  return Environment(std::move(variables));
}

}  // namespace

TEST_CASE("worktrees lie in the configured folder, else in the XDG state folder, else below the home") {
  const TemporaryRepository home;
  const auto repository = home.open();
  const auto root = [&](const Environment& environment, const std::string& configured) {
    return Places(repository, environment, configured).worktrees().parent_path().string();
  };
  CHECK(root(with({{"HOME", "/home/ada"}, {"XDG_STATE_HOME", "/state"}}), "/trees") == "/trees");
  CHECK(root(with({{"HOME", "/home/ada"}, {"XDG_STATE_HOME", "/state"}}), "") ==
        "/state/git-changeling/worktrees");
  // The specification: a relative path is to be ignored.
  CHECK(root(with({{"HOME", "/home/ada"}, {"XDG_STATE_HOME", "state"}}), "") ==
        "/home/ada/.local/state/git-changeling/worktrees");
  CHECK_THROWS_WITH_AS(root(with({{"HOME", "/home/ada"}, {"XDG_STATE_HOME", "/s"}}), "trees"),
                       doctest::Contains("changeling.worktreeRoot: 'trees' is not an absolute path"), Error);
  // Without a home, as under cron: beside the other local files.
  CHECK(root(with({}), "") == (repository.common_directory() / "changelings/worktrees").string());
}

TEST_CASE("two repositories of one name have worktrees apart, one repository always the same") {
  const TemporaryRepository one;
  const TemporaryRepository two;
  const Environment environment = with({{"HOME", "/home/ada"}, {"XDG_STATE_HOME", "/s"}});
  const Places first(one.open(), environment, "");
  CHECK(first.worktrees() == Places(one.open(), environment, "").worktrees());
  CHECK(first.worktrees() != Places(two.open(), environment, "").worktrees());
  CHECK(first.worktree("abc") == first.worktrees() / "abc");
}

TEST_CASE("local runs are listed by id, and a repository that never ran has none") {
  const TemporaryRepository home;
  const Places places(home.open(), with({{"HOME", "/home/ada"}, {"XDG_STATE_HOME", "/s"}}), "");
  CHECK(places.local_folder() == home.path() / ".git/changelings");
  CHECK(places.local_runs().empty());
  for (const char* id : {"ccc", "aaa", "bbb"}) create_private_directories(places.run(id).folder);
  CHECK(places.local_runs() == std::vector<std::string>{"aaa", "bbb", "ccc"});
}

TEST_CASE("progress is read as it was written") {
  const TemporaryFolder folder;
  const project::RunFiles files{folder.path() / "run"};
  CHECK_FALSE(run::read_progress(files));
  run::write_progress(files, {"launch", {}});
  auto read = run::read_progress(files);
  REQUIRE(read);
  CHECK(read->step == "launch");
  CHECK_FALSE(read->progress.turns);
  CHECK_FALSE(read->progress.tokens);
  run::write_progress(files, {"verify", {3, store::TokenUsage{1, 2, 3, 4}, 0.25, "Bash: \xFF"}});
  read = run::read_progress(files);
  REQUIRE(read);
  CHECK(read->progress.turns == 3);
  CHECK(read->progress.cost_usd == 0.25);
  REQUIRE(read->progress.tokens);
  CHECK(read->progress.tokens->cache_write == 4);
  CHECK(read->progress.activity == "Bash: \xEF\xBF\xBD");
}

TEST_CASE("progress that cannot be read or written disturbs nobody") {
  const TemporaryFolder folder;
  const project::RunFiles files{folder.path() / "run"};
  for (const char* text : {"", "{", "[]", "{\"turns\":\"many\"}", "{\"tokens\":null}", "{\"tokens\":[]}"}) {
    CAPTURE(text);
    write_file(files.progress(), text);
    CHECK_NOTHROW(run::read_progress(files));
  }
  std::filesystem::remove(files.progress());
  std::filesystem::create_directories(files.progress() / "in the way");
  CHECK_NOTHROW(run::write_progress(files, {"launch", {}}));
  CHECK_FALSE(run::read_progress(files));
}
