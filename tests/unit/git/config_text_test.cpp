#include "git/config_text.hpp"

#include <doctest/doctest.h>

#include "../temporary_repository.hpp"
#include "git/repository.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::git::ConfigEntries;
using changeling::testing::TemporaryRepository;

TEST_CASE("git reads back what was written, in its order") {
  const ConfigEntries entries{{"core.autocrlf", "input"},
                              {"remote.a \"b\" \\ c.d.url", "x y # z ; \"q\" \\\n\ttab "},
                              {"credential.helper", ""},
                              {"credential.helper", "store"},
                              {"credential.https://Host.example/Path.git.helper", "!echo a"}};
  const TemporaryRepository home;
  write_file(home.path() / ".git/config", "[core]\n\tbare = false\n" + git::config_text(entries));
  auto read = home.open().configuration_of_files();
  REQUIRE(read.size() == entries.size() + 1);
  read.erase(read.begin());
  CHECK(read == entries);
  home.git("config --list");
}

TEST_CASE("what git would not take, or what leads to other files, is left out") {
  CHECK(git::config_text({{"include.path", "x"}, {"includeif.gitdir:/x.path", "y"}}).empty());
  CHECK(git::config_text({{"nosection", "x"}, {"a.b\nc.d", "x"}, {"a b.c", "x"}, {"a.b c", "x"}}).empty());
  CHECK(git::config_text({{"a.b", std::string("x\0y", 3)}}).empty());
}

TEST_CASE("entries are chosen by the beginning of their keys") {
  const ConfigEntries entries{{"filter.a.clean", "x"}, {"user.name", "y"}, {"core.eol", "z"}};
  CHECK(git::with_prefix(entries, {"filter.", "core.eol"}) ==
        ConfigEntries{{"filter.a.clean", "x"}, {"core.eol", "z"}});
}
