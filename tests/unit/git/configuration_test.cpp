#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "../temporary_repository.hpp"
#include "git/repository.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::testing::TemporaryFolder;
using changeling::testing::TemporaryRepository;

namespace {

/// A person's file of configuration, and the environment that names it.
struct Person {
  explicit Person(const std::string& text) {
    std::ofstream(folder.path() / "gitconfig") << text;
    environment = Environment({{"GIT_CONFIG_NOSYSTEM", "1"},
                               {"GIT_CONFIG_GLOBAL", (folder.path() / "gitconfig").string()},
                               {"PATH", "/usr/local/bin:/usr/bin:/bin"}});
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder.path() / name) << text;
  }
  git::Repository open(const TemporaryRepository& home) const {
    return git::Repository::discover(home.path(), environment);
  }
  TemporaryFolder folder;
  Environment environment;
};

}  // namespace

TEST_CASE("every kind of include counts as it does for git") {
  const TemporaryRepository home;
  home.git("config --unset user.email");
  home.git("remote add origin https://git.corp.example/x");
  const Person person("[user]\n\temail = home@example.com\n");
  const auto email = [&] { return person.open(home).user_identity().email; };
  CHECK(email() == "home@example.com");

  person.write("work", "[user]\n\temail = work@corp.example\n");
  for (const std::string& condition :
       {std::string("[include]"),
        std::string("[includeIf \"hasconfig:remote.*.url:https://*.corp.example/**\"]"),
        std::string("[includeIf \"onbranch:main\"]"),
        "[includeIf \"gitdir:" + home.path().string() + "/\"]"}) {
    CAPTURE(condition);
    person.write("gitconfig", "[user]\n\temail = home@example.com\n" + condition + "\n\tpath = work\n");
    CHECK(email() == "work@corp.example");
  }
  person.write("gitconfig",
               "[user]\n\temail = home@example.com\n[includeIf \"onbranch:other\"]\n\tpath = work\n");
  CHECK(email() == "home@example.com");
}

TEST_CASE("settings of one work tree and of GIT_CONFIG_SYSTEM are seen") {
  const TemporaryRepository home;
  home.git("config extensions.worktreeConfig true");
  home.git("config --worktree changeling.forge local");
  Person person("");
  CHECK(person.open(home).config("changeling.forge") == "local");

  person.write("system", "[changeling]\n\tbase = trunk\n");
  person.environment.unset("GIT_CONFIG_NOSYSTEM");
  person.environment.set("GIT_CONFIG_SYSTEM", (person.folder.path() / "system").string());
  CHECK(person.open(home).config("changeling.base") == "trunk");
}

TEST_CASE("plain files cost no process, and with an include git is asked once for everything") {
  const TemporaryRepository home;
  Person person("[changeling]\n\tbase = main\n");
  std::filesystem::create_directories(person.folder.path() / "bin");
  person.write("bin/git", "#!/bin/sh\necho \"$*\" >>" + (person.folder.path() / "calls").string() +
                              "\nexec /usr/bin/git \"$@\"\n");
  std::filesystem::permissions(person.folder.path() / "bin/git", std::filesystem::perms::owner_all);
  person.environment.set("PATH", (person.folder.path() / "bin").string() + ":/usr/bin:/bin");
  const auto calls = [&] {
    std::ifstream file(person.folder.path() / "calls");
    int count = 0;
    for (std::string line; std::getline(file, line);) ++count;
    return count;
  };
  const auto read = [&] {
    const auto repository = person.open(home);
    CHECK(repository.config("changeling.base") == "main");
    CHECK(repository.user_identity().name == "Tester");
    CHECK(repository.remotes().empty());
  };
  read();
  CHECK(calls() == 0);
  person.write("gitconfig", "[changeling]\n\tbase = main\n[include]\n\tpath = nowhere\n");
  read();
  CHECK(calls() == 1);
}

TEST_CASE("what was set is seen at once, also where git is asked") {
  const TemporaryRepository home;
  const Person person("[include]\n\tpath = nowhere\n");
  auto repository = person.open(home);
  CHECK_FALSE(repository.config("changeling.ref"));
  repository.set_config("changeling.ref", "refs/x");
  CHECK(repository.config("changeling.ref") == "refs/x");
  repository.add_config("remote.origin.fetch", "+refs/a*:refs/b*");
  repository.add_config("remote.origin.fetch", "^refs/a.b");
  repository.remove_config("remote.origin.fetch", "+refs/a*:refs/b*");
  repository.remove_config("remote.origin.fetch", "+refs/none*");
  CHECK(repository.config_all("remote.origin.fetch") == std::vector<std::string>{"^refs/a.b"});
}

TEST_CASE("what another process writes is seen at once, in every file") {
  const TemporaryRepository home;
  const Person person("[changeling]\n\tbase = main\n");
  const auto repository = person.open(home);
  const std::string file = (person.folder.path() / "gitconfig").string();
  for (const char* value : {"aaaa", "bbbb", "cccc"}) {
    home.git(std::string("config changeling.forge ") + value);
    CHECK(repository.config("changeling.forge") == value);
    home.git("config --file " + file + " changeling.base " + value);
    CHECK(repository.config("changeling.base") == value);
  }
}

TEST_CASE("git -c is stronger than GIT_CONFIG_COUNT") {
  const TemporaryRepository home;
  Person person("");
  person.environment.set("GIT_CONFIG_COUNT", "1");
  person.environment.set("GIT_CONFIG_KEY_0", "changeling.forge");
  person.environment.set("GIT_CONFIG_VALUE_0", "github");
  CHECK(person.open(home).config("changeling.forge") == "github");
  person.environment.set("GIT_CONFIG_PARAMETERS", "'changeling.forge'='local'");
  CHECK(person.open(home).config("changeling.forge") == "local");
}

TEST_CASE("the identity is git's") {
  const TemporaryRepository home;
  Person person("");
  CHECK(person.open(home).user_identity() == git::Identity{"Tester", "tester@example.com"});
  home.git("config author.email writer@example.com");
  CHECK(person.open(home).user_identity().email == "writer@example.com");
  person.environment.set("GIT_AUTHOR_NAME", "Ada");
  CHECK(person.open(home).user_identity() == git::Identity{"Ada", "writer@example.com"});

  home.git("config --unset author.email");
  home.git("config --unset user.email");
  person.environment.set("EMAIL", "mail@example.com");
  CHECK(person.open(home).user_identity() == git::Identity{"Ada", "mail@example.com"});
  home.git("config user.useConfigOnly true");
  try {
    person.open(home).user_identity();
    FAIL("an address was guessed");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Refused);
    CHECK(error.hint().find("user.email") != std::string::npos);
  }
}

TEST_CASE("remotes and their addresses are read as git does") {
  const TemporaryRepository home;
  home.git("config remote.origin.prune true");
  CHECK(home.open().remotes().empty());
  home.git("config remote.origin.url short:a/b");
  home.git("config --add remote.origin.url https://second.example/x");
  // libgit2 1.5 takes a remote with such a line for none.
  home.git("config --add remote.origin.fetch ^refs/heads/wip/*");
  home.git("config url.https://example.com/.insteadOf sho");
  home.git("config url.ssh://git@example.com/.insteadOf short:");
  CHECK(home.open().remotes() == std::vector<std::string>{"origin"});
  CHECK(home.open().remote_url("origin") == "ssh://git@example.com/a/b");
  CHECK_FALSE(home.open().remote_url("other"));
}
