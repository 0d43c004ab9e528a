#include "run/local_repositories.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

void make_git_folder(const TemporaryFolder& folder, const std::string& name) {
  folder.write(name + "/HEAD", "ref: refs/heads/main\n");
  folder.write(name + "/objects/info/x", "");
}

}  // namespace

TEST_CASE("addresses of a configuration") {
  CHECK(
      run::addresses_in("[remote \"a\"]\n\tURL = /x y\n\tfetch = +refs\n[submodule \"b\"]\nurl=\"../b\"\n") ==
      std::vector<std::string>{"/x y", "../b"});
}

TEST_CASE("remotes and submodules on this machine, and nothing but git folders") {
  const TemporaryFolder folder;
  const std::string root = folder.path().string();
  make_git_folder(folder, "project/.git");
  make_git_folder(folder, "origin.git");
  make_git_folder(folder, "library/.git");
  folder.write("secret/key", "secret");
  folder.write("project/.git/config", "[remote \"origin\"]\n\turl = " + root + "/origin.git\n");
  folder.write("tree/.gitmodules", "[submodule \"a\"]\n\turl = ../library\n[submodule \"b\"]\n\turl = " +
                                       root + "/secret\n[submodule \"c\"]\n\turl = https://example.com/c\n");
  CHECK(run::local_repositories(folder.path() / "project/.git", folder.path() / "tree") ==
        std::vector<fs::path>{folder.path() / "origin.git", folder.path() / "library/.git"});
}
