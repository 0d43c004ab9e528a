#include "triggers/tick_files.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../temporary_folder.hpp"
#include "project/registered_repositories.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

using namespace changeling;
using namespace changeling::triggers;
using changeling::test::TemporaryFolder;
namespace fs = std::filesystem;

TEST_CASE("the log of tick never has more than two parts of about a megabyte") {
  const TemporaryFolder folder;
  const Environment environment({{"XDG_STATE_HOME", folder.path().string()}});
  const fs::path log = tick_log_file(environment);
  rotate_tick_log(environment);  // Nothing there yet.
  CHECK_FALSE(fs::exists(log));
  write_file(log, std::string(1024 * 1024, 'a'));
  rotate_tick_log(environment);
  CHECK(fs::exists(log));
  for (const char letter : {'b', 'c'}) {
    write_file(log, std::string(1024 * 1024 + 1, letter));
    rotate_tick_log(environment);
    CHECK_FALSE(fs::exists(log));
    CHECK(read_file(log.string() + ".1").front() == letter);
  }
}

TEST_CASE("the time of the last tick is read back") {
  const TemporaryFolder folder;
  const Environment environment({{"XDG_STATE_HOME", folder.path().string()}});
  CHECK_FALSE(last_tick(environment));
  write_last_tick(environment, parse_timestamp("2026-11-21T03:17:00Z"));
  CHECK(last_tick(environment) == parse_timestamp("2026-11-21T03:17:00Z"));
  // Of one minute only the newest counts, and three are enough.
  for (const char* time : {"03:17:20", "03:18:00", "03:18:30", "03:19:00", "03:20:00"})
    write_last_tick(environment, parse_timestamp(std::string("2026-11-21T") + time + "Z"));
  CHECK(last_ticks(environment) == std::vector<Timestamp>{parse_timestamp("2026-11-21T03:20:00Z"),
                                                          parse_timestamp("2026-11-21T03:19:00Z"),
                                                          parse_timestamp("2026-11-21T03:18:30Z")});
  write_file(folder.path() / "git-changeling" / "last-tick", "half a ti");
  CHECK_FALSE(last_tick(environment));
}

TEST_CASE("the list of repositories holds each absolute path once") {
  const TemporaryFolder folder;
  const Environment environment({{"HOME", folder.path().string()}});
  project::RegisteredRepositories repositories(environment);
  CHECK(repositories.file() == folder.path() / ".local/share/git-changeling/repositories");
  CHECK(repositories.list().empty());
  CHECK(repositories.add("/b/.git"));
  CHECK(repositories.add("/a/.git"));
  CHECK_FALSE(repositories.add("/b/.git"));
  CHECK(repositories.list() == std::vector<fs::path>{"/a/.git", "/b/.git"});
  CHECK(read_file(repositories.file()) == "/a/.git\n/b/.git\n");
  CHECK(repositories.remove("/a/.git"));
  CHECK_FALSE(repositories.remove("/a/.git"));
  CHECK_THROWS_AS(repositories.add("relative/.git"), Error);
  CHECK_THROWS_AS(repositories.add("/two\nlines"), Error);
  CHECK(repositories.list() == std::vector<fs::path>{"/b/.git"});
  // What somebody else has written into it is not taken for a path.
  write_file(repositories.file(), "\nnonsense\n/c/.git\n/c/.git\n");
  CHECK(repositories.list() == std::vector<fs::path>{"/c/.git"});

  // Without a place the list is empty, and nothing can be put on it.
  project::RegisteredRepositories nowhere{Environment()};
  CHECK(nowhere.list().empty());
  CHECK_THROWS_AS(nowhere.add("/a/.git"), Error);
}
