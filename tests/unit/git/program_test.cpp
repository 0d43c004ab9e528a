#include "git/program.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "../temporary_repository.hpp"
#include "git/repository.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::testing::hermetic_environment;
using changeling::testing::TemporaryFolder;
using changeling::testing::TemporaryRepository;

namespace {

struct Case {
  Case() {
    home.git("commit --allow-empty -m first");
    environment.set("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment.set("HOME", folder.path().string());
    program.emplace(processes, environment, home.path());
  }
  git::NewCommit commit() const {
    const auto repository = home.open();
    const auto head = *repository.resolve("HEAD");
    return {repository.commit(head).tree,
            {head},
            {"Ada", "ada@example.com"},
            parse_timestamp("2026-11-20T12:00:00Z"),
            "run: one\n\n# no comment\n"};
  }
  TemporaryRepository home;
  TemporaryFolder folder;
  Environment environment = hermetic_environment();
  SystemProcessRunner processes;
  std::optional<git::GitProgram> program;
};

}  // namespace

TEST_CASE("a call without a folder works in the repository that was named, from anywhere") {
  const Case test;
  const auto repository = test.home.open();
  git::GitProgram elsewhere(const_cast<SystemProcessRunner&>(test.processes), test.environment,
                            test.folder.path());
  CHECK_FALSE(elsewhere.run({"rev-parse", "--git-dir"}).status.success());
  elsewhere.use(repository.place());
  CHECK(elsewhere.check({"rev-parse", "--absolute-git-dir"}) == (test.home.path() / ".git").string());
  CHECK(elsewhere.check({"rev-parse", "--show-toplevel"}) == test.home.path().string());

  // From inside .git git itself takes it for a bare one, and refuses that.
  test.home.git("config --file " + (test.folder.path() / ".gitconfig").string() +
                " safe.bareRepository explicit");
  Environment careful = test.environment;
  careful.unset("GIT_CONFIG_GLOBAL");
  git::GitProgram inside(const_cast<SystemProcessRunner&>(test.processes), careful,
                         repository.common_directory());
  inside.use(repository.place());
  CHECK(inside.run({"status", "--porcelain"}).status.success());
}

TEST_CASE("a commit of ours is what was asked for, and not signed unless that is set") {
  Case test;
  test.home.git("config commit.gpgSign true");
  test.home.git("config gpg.program /bin/false");
  const auto id = test.program->create_commit(test.commit());
  const auto made = test.home.open().commit(id);
  CHECK(made.message == "run: one\n\n# no comment\n");
  CHECK(made.author == git::Identity{"Ada", "ada@example.com"});
  CHECK(made.committed_at == test.commit().time);
  CHECK(made.parents == test.commit().parents);

  test.program->sign_commits(git::Signing::On);
  try {
    test.program->create_commit(test.commit());
    FAIL("signed by a program that cannot");
  } catch (const Error& error) {
    CHECK(error.hint().find("changeling.sign") != std::string::npos);
  }
}

TEST_CASE("a commit of ours is signed with the user's ssh key") {
  if (std::system("command -v ssh-keygen >/dev/null") != 0) {
    MESSAGE("SKIPPED: there is no ssh-keygen");
    return;
  }
  Case test;
  const auto key = (test.folder.path() / "key").string();
  REQUIRE(std::system(("ssh-keygen -q -t ed25519 -N '' -f " + key).c_str()) == 0);
  REQUIRE(std::system(("printf 'ada@example.com ' | cat - " + key + ".pub >" + key + ".allowed").c_str()) ==
          0);
  test.home.git("config gpg.format ssh");
  test.home.git("config user.signingKey " + key + ".pub");
  test.home.git("config gpg.ssh.allowedSignersFile " + key + ".allowed");
  test.program->sign_commits(git::Signing::On);
  const auto id = test.program->create_commit(test.commit());
  CHECK(test.program->run({"verify-commit", id.hex()}).status.success());
}

TEST_CASE("a fetch that met a worktree in the making is tried again, and no other one") {
  const Case test;
  // git, but for its first two fetches, which say what a real one says at that moment.
  const auto bin = test.folder.path() / "bin";
  const auto tried = test.folder.path() / "tried";
  std::filesystem::create_directory(bin);
  std::ofstream(bin / "git")
      << "#!/bin/sh\ncase \" $* \" in *' fetch '*) echo x >>'" << tried.string() << "'; if [ $(wc -l <'"
      << tried.string()
      << "') -le 2 ]; then echo \"$SAID\" >&2; exit 128; fi ;; esac\nexec /usr/bin/git \"$@\"\n";
  std::filesystem::permissions(bin / "git", std::filesystem::perms::owner_all);
  const TemporaryRepository other;
  other.git("commit --allow-empty -m theirs");
  const auto fetch = [&](const std::string& said) {
    std::filesystem::remove(tried);
    Environment environment = test.environment;
    environment.set("PATH", bin.string() + ":/usr/bin:/bin");
    environment.set("SAID", said);
    const git::GitProgram program(const_cast<SystemProcessRunner&>(test.processes), environment,
                                  test.home.path());
    return program.fetch(other.path().string(), {"+HEAD:refs/heads/theirs"}, std::chrono::seconds(30));
  };
  CHECK_FALSE(fetch("fatal: failed to read /x/.git/worktrees/5vq7rkfk/commondir: Success"));
  CHECK_FALSE(
      fetch("fatal: bad object worktrees/j2x9keg7/HEAD; error: x.git did not send all necessary objects"));
  CHECK_FALSE(
      fetch("error: unable to write file /x/objects/pack/pack-1.pack: No such file or directory\n"
            "fatal: unable to rename temporary '*.pack' file to '/x/objects/pack/pack-1.pack'"));
  CHECK(fetch("fatal: the remote end hung up") == "fatal: the remote end hung up");
}

TEST_CASE("a commit is taken from another folder as a checked one, under the reference that is named") {
  const Case test;
  const TemporaryRepository other;
  other.git("commit --allow-empty -m theirs");
  const auto theirs = git::Repository::discover(other.path(), test.environment).resolve("HEAD");
  REQUIRE(theirs);
  CHECK_FALSE(test.program->take(other.path(), *theirs, "refs/changelings/rooms/r1/head"));
  CHECK(git::Repository::discover(test.home.path(), test.environment)
            .resolve("refs/changelings/rooms/r1/head") == theirs);

  // A tree entry named ".git", which git never makes itself.
  const std::string script =
      "cd '" + other.path().string() +
      "' && tree=$(printf '100644 blob %s\\t.git\\n' $(git hash-object -w /dev/null) | git mktree) && "
      "git update-ref refs/heads/bad $(echo bad | git -c user.name=A -c user.email=a@b commit-tree $tree)";
  REQUIRE(std::system(script.c_str()) == 0);
  const auto bad = git::Repository::discover(other.path(), test.environment).resolve("refs/heads/bad");
  REQUIRE(bad);
  const auto problem = test.program->take(other.path(), *bad, "refs/changelings/rooms/r1/branch");
  REQUIRE(problem);
  CHECK(problem->find("hasDotgit") != std::string::npos);
  CHECK_FALSE(git::Repository::discover(test.home.path(), test.environment)
                  .resolve("refs/changelings/rooms/r1/branch"));
}
