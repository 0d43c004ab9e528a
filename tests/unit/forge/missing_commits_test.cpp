#include "forge/missing_commits.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "../temporary_repository.hpp"

using namespace changeling;
using changeling::testing::TemporaryRepository;

namespace {

const std::string absent(40, 'a');

std::string command(const TemporaryRepository& home, const std::string& remote, const std::string& head,
                    const std::string& base = "main") {
  return forge::fetch_command(home.open(), remote, {head, "changelings/x/1", base});
}

}  // namespace

TEST_CASE("what is to be fetched is named, and nothing that is here") {
  const TemporaryRepository home;
  home.git("commit --allow-empty -m first");
  home.git("remote add origin ../elsewhere");
  const std::string here = home.open().resolve("HEAD")->hex();
  CHECK(command(home, "", absent) == "git fetch REMOTE changelings/x/1");
  CHECK(command(home, "origin", absent) == "git fetch origin changelings/x/1");
  CHECK(command(home, "origin", absent, "trunk") ==
        "git fetch origin changelings/x/1 trunk:refs/remotes/origin/trunk");
  CHECK(command(home, "origin", here, "trunk") == "git fetch origin trunk:refs/remotes/origin/trunk");
  SUBCASE("branches go to a fork") {
    home.git("remote add fork ../fork");
    home.git("config changeling.pushRemote fork");
    CHECK(command(home, "origin", absent) == "git fetch fork changelings/x/1");
    CHECK(command(home, "origin", absent, "trunk") ==
          "git fetch origin trunk:refs/remotes/origin/trunk && git fetch fork changelings/x/1");
  }
  SUBCASE("the clone is shallow") {
    std::ofstream(home.path() / ".git" / "shallow") << here << "\n";
    CHECK(command(home, "origin", absent) == "git fetch --unshallow origin changelings/x/1");
    CHECK(command(home, "origin", here) == "git fetch --unshallow origin");
  }
}
