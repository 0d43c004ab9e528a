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

TEST_CASE("what the user's own configuration names on this machine, and nothing but git folders") {
  const TemporaryFolder folder;
  const std::string root = folder.path().string();
  for (const char* name :
       {"project/.git", "origin.git", "library/.git", "project/.git/modules/a/b", "deep.git"})
    make_git_folder(folder, name);
  folder.write("secret/key", "secret");
  folder.write("project/.git/config", "[remote \"origin\"]\n\turl = " + root +
                                          "/origin.git\n[submodule \"a\"]\n\turl = " + root +
                                          "/library\n[submodule \"b\"]\n\turl = " + root +
                                          "/secret\n[submodule \"c\"]\n\turl = https://example.com/c\n");
  folder.write("project/.git/modules/a/b/config",
               "[remote \"origin\"]\n\turl = file://" + root + "/deep.git\n");
  CHECK(run::local_repositories(folder.path() / "project/.git") ==
        std::vector<fs::path>{folder.path() / "origin.git", folder.path() / "library/.git",
                              folder.path() / "deep.git"});
}

TEST_CASE("what a commit names in .gitmodules opens nothing, and is told") {
  const TemporaryFolder folder;
  const std::string root = folder.path().string();
  for (const char* name : {"project/.git", "origin.git", "library.git", "secret/.git", "other/.git"})
    make_git_folder(folder, name);
  folder.write("project/.git/config", "[remote \"origin\"]\n\turl = " + root +
                                          "/origin.git\n[submodule \"known\"]\n\turl = " + root +
                                          "/library.git\n");
  folder.write("tree/.gitmodules",
               "[submodule \"known\"]\n\turl = ../library.git\n[submodule \"x\"]\n\turl = ../secret\n"
               "[submodule \"y\"]\n\turl = " +
                   root +
                   "/other\n[submodule \"z\"]\n\turl = https://example.com/z\n[submodule \"n\"]\n"
                   "\turl = ../nothing\n");
  CHECK(run::local_repositories(folder.path() / "project/.git") ==
        std::vector<fs::path>{folder.path() / "origin.git", folder.path() / "library.git"});
  CHECK(run::unopened_submodules(folder.path() / "project/.git", folder.path() / "tree") ==
        std::vector<std::string>{"../secret", root + "/other"});
  CHECK(run::unopened_submodules(folder.path() / "project/.git", folder.path() / "none").empty());
}
