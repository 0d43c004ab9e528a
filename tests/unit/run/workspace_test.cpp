#include "run/workspace.hpp"

#include <doctest/doctest.h>

#include "run/machine_walls.hpp"
#include "run/user_drivers.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "workspace_fixture.hpp"

using namespace changeling;
using changeling::run::Workspace;
using changeling::testing::branch;
using changeling::testing::files_of;
using changeling::testing::run_id;
using changeling::testing::WorkspaceFixture;
namespace fs = std::filesystem;

TEST_CASE_FIXTURE(WorkspaceFixture, "a worktree lies outside the user's, on its own branch, at the start") {
  const Workspace workspace = make();
  CHECK(workspace.path().parent_path().parent_path() == user.path() / "work trees");
  CHECK(workspace.head() == main());
  CHECK(shell(workspace.path(), "git symbolic-ref HEAD") == "refs/heads/" + branch);
  CHECK(read_file(workspace.path() / "file.txt") == "one\n");
  CHECK(shell(home.path(), "git symbolic-ref HEAD && git status --porcelain") == "refs/heads/main");
}

TEST_CASE_FIXTURE(WorkspaceFixture, "a worktree of a sparse checkout has every file") {
  for (const char* mode : {"--cone", "--no-cone"}) {
    CAPTURE(mode);
    shell(home.path(), std::string("git sparse-checkout set ") + mode + " nothing");
    // A cone has the files of the root in any case.
    const bool is_cone = std::string(mode) == "--cone";
    REQUIRE(fs::exists(home.path() / "file.txt") == is_cone);
    const Workspace workspace =
        Workspace::create(services(), std::string("sparse") + (mode + 2), branch + (mode + 1), main());
    CHECK(read_file(workspace.path() / "file.txt") == "one\n");
    CHECK(shell(workspace.path(), "git status --porcelain").empty());
    CHECK(shell(workspace.path(), "git ls-files -t").find("S ") == std::string::npos);
  }
}

TEST_CASE_FIXTURE(WorkspaceFixture, "a filter of the user's whose script is in the branch") {
  write(home.path() / "strip", "#!/bin/sh\ntr a-z A-Z\n");
  ::chmod((home.path() / "strip").c_str(), 0755);
  write(home.path() / ".gitattributes", "*.nb filter=strip\n");
  shell(home.path(),
        "echo one >a.nb && git add . && git commit -qm filter && git config filter.strip.clean ./strip");
  const std::string ran = (user.path() / "ran").string();
  const auto changed = [&](const Workspace& workspace) {
    shell(workspace.path(), "git config --unset filter.strip.clean; printf '#!/bin/sh\\ntouch " + ran +
                                "\\ntr a-z A-Z\\n' >strip; echo two >a.nb");
    workspace.collect();
  };
  SUBCASE("is held, and filters") {
    if (!run::walls_for_drivers(services())) {
      MESSAGE("NOT SHOWN HERE: bubblewrap does not work on this machine");
      return;
    }
    const Workspace workspace = make();
    changed(workspace);
    CHECK(workspace.commit_leftovers("work"));
    CHECK(shell(home.path(), "git show " + workspace.head().hex() + ":a.nb") == "TWO");
    CHECK_FALSE(workspace.commit_leftovers("again"));
    CHECK_FALSE(fs::exists(administration() / "held"));
  }
  SUBCASE("is not run where nothing holds it") {
    open->environment.set("CHANGELING_SANDBOX", "off");
    const Workspace workspace = make();
    changed(workspace);
    CHECK_THROWS_AS(workspace.commit_leftovers("work"), run::DriverRefused);
    CHECK(workspace.remove(main()));
  }
  SUBCASE("is not missed where nothing of its files was changed") {
    open->environment.set("CHANGELING_SANDBOX", "off");
    const Workspace workspace = make();
    shell(workspace.path(), "echo two >file.txt");
    CHECK(workspace.commit_leftovers("work"));
    CHECK_FALSE(workspace.remove(workspace.head()));
  }
  CHECK_FALSE(fs::exists(ran));
}

TEST_CASE_FIXTURE(WorkspaceFixture, "making a worktree runs no hook") {
  write(home.path() / ".git/hooks/post-checkout",
        "#!/bin/sh\ntouch " + (user.path() / "hooked").string() + "\n");
  ::chmod((home.path() / ".git/hooks/post-checkout").c_str(), 0755);
  make();
  CHECK_FALSE(fs::exists(user.path() / "hooked"));
}

TEST_CASE_FIXTURE(WorkspaceFixture,
                  "the scratch folder and copied files are ignored, and what the user ignores") {
  write(user.path() / ".config/git/ignore", "*.user");
  write(home.path() / ".git/info/exclude", "*.o");
  const std::vector<std::string> copied{".env", "with space #1.txt", "./dir/", "[a]*.txt", "!bang"};
  const Workspace workspace = make(copied);
  for (const char* file : {".env", "with space #1.txt", "dir/x", "[a]*.txt", "!bang", "note.user", "main.o",
                           ".changeling/notes", "sub/.env", "ab.txt"}) {
    write(workspace.path() / file, "x");
  }
  workspace.write_scratch("prompt.md", "prompt");
  CHECK(workspace.commit_leftovers("work"));
  CHECK(files_of(*this, workspace.head().hex()) == "ab.txt\nfile.txt\nsub/.env");
}

TEST_CASE_FIXTURE(WorkspaceFixture, "a scratch folder that the branch turns into a link is refused") {
  SUBCASE("the folder itself") {
    shell(home.path(), "ln -s " + user.path().string() + " .changeling && git add . && git commit -qm evil");
  }
  SUBCASE("the artifacts") {
    shell(home.path(), "mkdir .changeling && ln -s " + user.path().string() +
                           " .changeling/artifacts && git add . && git commit -qm evil");
  }
  SUBCASE("a file") {
    shell(home.path(), "touch .changeling && git add . && git commit -qm evil");
  }
  const Workspace workspace = make();
  CHECK_THROWS_WITH_AS(workspace.write_scratch("prompt.md", "x"), doctest::Contains(".changeling"), Error);
  CHECK_FALSE(fs::exists(user.path() / "prompt.md"));
}

TEST_CASE_FIXTURE(WorkspaceFixture, "files, folders and links are copied from the user's work tree") {
  write(home.path() / ".env", "SECRET=1");
  write(home.path() / "conf dir/deep/\xC3\xA4", "x");
  fs::create_symlink("deep", home.path() / "conf dir/link");
  REQUIRE(::mkfifo((home.path() / "conf dir/fifo").c_str(), 0600) == 0);
  const Workspace workspace = make();
  workspace.copy_from(home.path(), {".env", "./conf dir/", "missing", "nested/missing"});
  CHECK(read_file(workspace.path() / ".env") == "SECRET=1");
  CHECK(read_file(workspace.path() / "conf dir/deep/\xC3\xA4") == "x");
  CHECK(fs::read_symlink(workspace.path() / "conf dir/link") == "deep");
  CHECK_FALSE(fs::exists(workspace.path() / "conf dir/fifo"));
  CHECK_FALSE(fs::exists(workspace.path() / "nested"));
}

TEST_CASE_FIXTURE(WorkspaceFixture, "nothing is copied from outside or written outside") {
  write(home.path() / ".env", "SECRET=1");
  write(home.path() / "dir/.env", "SECRET=1");
  write(user.path() / "target", "untouched");
  const Workspace workspace = make();
  for (const char* path : {"../x", "/etc/passwd", ".", "./", "", ".git/config", "dir/../.git", "a/../../x"}) {
    CAPTURE(path);
    CHECK_THROWS_WITH_AS(workspace.copy_from(home.path(), {path}), doctest::Contains("not inside"), Error);
  }
  SUBCASE("through a link in the place of the file") {
    fs::create_symlink(user.path() / "target", workspace.path() / ".env");
    CHECK_THROWS_AS(workspace.copy_from(home.path(), {".env"}), Error);
  }
  SUBCASE("through a link below a copied folder") {
    fs::create_directory(workspace.path() / "dir");
    fs::create_symlink(user.path() / "target", workspace.path() / "dir/.env");
    CHECK_THROWS_AS(workspace.copy_from(home.path(), {"dir"}), Error);
  }
  SUBCASE("through a link to a folder") {
    fs::create_directory_symlink(user.path(), workspace.path() / "dir");
    CHECK_THROWS_AS(workspace.copy_from(home.path(), {"dir/.env"}), Error);
    CHECK_THROWS_AS(workspace.copy_from(home.path(), {"dir"}), Error);
    CHECK_FALSE(fs::exists(user.path() / ".env"));
  }
  SUBCASE("over a folder") {
    fs::create_directories(workspace.path() / ".env");
    CHECK_THROWS_AS(workspace.copy_from(home.path(), {".env"}), Error);
  }
  CHECK(read_file(user.path() / "target") == "untouched");
}

TEST_CASE_FIXTURE(WorkspaceFixture, "leftovers are committed by the actor, and nothing without leftovers") {
  const Workspace workspace = make();
  CHECK_FALSE(workspace.commit_leftovers("nothing"));
  CHECK(workspace.head() == main());
  write(workspace.path() / "n\xC3\xA4me with \"quotes\"\n", "x");
  fs::remove(workspace.path() / "file.txt");
  // Hooks and settings of the user that would stop or change a commit.
  write(home.path() / ".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n");
  ::chmod((home.path() / ".git/hooks/pre-commit").c_str(), 0755);
  home.git("config commit.gpgSign true");
  home.git("config gpg.program /bin/false");
  home.git("config commit.cleanup strip");
  home.git("config core.safecrlf true");
  home.git("config core.autocrlf input");
  write(workspace.path() / "crlf.txt", "a\r\n");
  CHECK(workspace.commit_leftovers("#1 summary\n\nbody\n"));
  const auto commit = open->repository.commit(workspace.head());
  CHECK(commit.subject() == "#1 summary");
  CHECK(commit.author.name == "Ada");
  CHECK(commit.parents == std::vector{main()});
  CHECK(files_of(*this, workspace.head().hex()) == "crlf.txt\n\"n\xC3\xA4me with \\\"quotes\\\"\\n\"");
  CHECK(home.is_sound());
}

TEST_CASE_FIXTURE(WorkspaceFixture, "repositories inside the worktree are left out, and nothing else is") {
  const Workspace workspace = make();
  write(workspace.path() / "work.txt", "x");
  const std::string nested = "n\xC3\xA4sted [1]";
  SUBCASE("without a commit") {
    shell(workspace.path(), "git init -q '" + nested + "' && touch '" + nested + "/new'");
  }
  SUBCASE("with a commit") {
    shell(workspace.path(),
          "git init -q '" + nested + "' && cd '" + nested + "' && git commit -q --allow-empty -m x");
  }
  SUBCASE("that the agent has added") {
    shell(workspace.path(), "git init -q '" + nested + "' && git -C '" + nested +
                                "' commit -q --allow-empty -m x && git add --all 2>/dev/null");
  }
  CHECK(workspace.commit_leftovers("work"));
  CHECK(files_of(*this, workspace.head().hex()) == "file.txt\nwork.txt");
  CHECK(fs::exists(workspace.path() / nested / ".git"));
  // Its content is nowhere else.
  const auto stays = workspace.remove(workspace.head());
  REQUIRE(stays);
  CHECK(stays->find("of the repository " + nested) != std::string::npos);
  CHECK(fs::exists(workspace.path() / nested / ".git"));
}

TEST_CASE_FIXTURE(WorkspaceFixture, "a repository made in a folder of the branch does not delete its files") {
  shell(home.path(), "mkdir lib && echo 1 >lib/a && git add . && git commit -qm lib");
  const Workspace workspace = make();
  shell(workspace.path(), "git init -q lib && git -C lib commit -q --allow-empty -m x && echo 2 >lib/a");
  workspace.commit_leftovers("work");
  CHECK(files_of(*this, workspace.head().hex()) == "file.txt\nlib/a");
  CHECK(shell(home.path(), "git show " + workspace.head().hex() + ":lib/a") == "2");
}

TEST_CASE_FIXTURE(WorkspaceFixture,
                  "locks of a git that was killed do not keep the work from being committed") {
  const Workspace workspace = make();
  write(workspace.path() / "work.txt", "x");
  write(workspace.path() / ".git/index.lock", "");
  write(workspace.path() / ".git/HEAD.lock", "");
  CHECK(workspace.commit_leftovers("work"));
  CHECK(files_of(*this, workspace.head().hex()) == "file.txt\nwork.txt");
}

TEST_CASE_FIXTURE(WorkspaceFixture, "work is found whatever the agent did to its .git file") {
  const Workspace workspace = make();
  write(workspace.path() / "work.txt", "x");
  SUBCASE("deleted") {
    fs::remove_all(workspace.path() / ".git");
  }
  SUBCASE("pointing elsewhere") {
    fs::remove_all(workspace.path() / ".git");
    write(workspace.path() / ".git", "gitdir: " + (home.path() / ".git").string() + "\n");
  }
  SUBCASE("a repository of its own") {
    fs::remove_all(workspace.path() / ".git");
    shell(workspace.path(), "git init -q . && git add . && git commit -qm mine");
  }
  const auto before = shell(home.path(), "git rev-parse HEAD && git status --porcelain");
  workspace.collect();
  workspace.commit_leftovers("work");
  CHECK(files_of(*this, workspace.head().hex()) == "file.txt\nwork.txt");
  workspace.keep_inner_commits();
  CHECK(workspace.remove(workspace.head()) == std::nullopt);
  CHECK_FALSE(fs::exists(workspace.path()));
  CHECK_FALSE(fs::exists(administration()));
  CHECK(shell(home.path(), "git rev-parse HEAD && git status --porcelain") == before);
  CHECK(home.is_sound());
}

TEST_CASE_FIXTURE(WorkspaceFixture, "an operation that the agent left half done is told") {
  const Workspace workspace = make();
  CHECK(workspace.unfinished_operation() == std::nullopt);
  shell(workspace.path(),
        "echo a >file.txt && git commit -qam a && git branch other HEAD~ && "
        "git checkout -q other && echo b >file.txt && git commit -qam b && git checkout -q -");
  SUBCASE("merge") {
    CHECK_THROWS(shell(workspace.path(), "git merge -q other >&2"));
    CHECK(workspace.unfinished_operation() == "the agent left a merge unfinished");
  }
  SUBCASE("rebase") {
    CHECK_THROWS(shell(workspace.path(), "git rebase -q other"));
    CHECK(workspace.unfinished_operation() == "the agent left a rebase unfinished");
  }
  SUBCASE("cherry-pick") {
    CHECK_THROWS(shell(workspace.path(), "git cherry-pick other"));
    CHECK(workspace.unfinished_operation() == "the agent left a cherry-pick unfinished");
  }
  SUBCASE("revert") {
    shell(workspace.path(), "echo c >file.txt && git commit -qam c");
    CHECK_THROWS(shell(workspace.path(), "git revert --no-edit HEAD~"));
    CHECK(workspace.unfinished_operation() == "the agent left a revert unfinished");
  }
}

TEST_CASE_FIXTURE(WorkspaceFixture,
                  "private files are found in any commit of the agent, also if taken back") {
  const std::vector<std::string> copied{".env", "conf [x]", "n\xC3\xA4me"};
  const Workspace workspace = make(copied);
  shell(workspace.path(), "echo ok >work.txt && git add . && git commit -qm ok");
  workspace.collect();
  CHECK(workspace.committed_private_files(main(), copied).empty());
  SUBCASE("forced") {
    shell(workspace.path(), "echo x >.env && git add -f .env && git commit -qm x");
    workspace.collect();
    CHECK(workspace.committed_private_files(main(), copied) == std::vector<std::string>{".env"});
  }
  SUBCASE("taken back") {
    shell(workspace.path(),
          "echo x >.env && git add -f .env && git commit -qm x && "
          "git rm -qf --cached .env && git commit -qm gone");
    workspace.collect();
    CHECK(workspace.committed_private_files(main(), copied) == std::vector<std::string>{".env"});
  }
  SUBCASE("below a folder, with special characters, and the scratch folder") {
    shell(workspace.path(),
          "mkdir -p 'conf [x]' .changeling && touch 'conf [x]/key' n\xC3\xA4me .changeling/notes && "
          "git add -f . && git commit -qm x");
    workspace.collect();
    CHECK(workspace.committed_private_files(main(), copied) ==
          std::vector<std::string>{".changeling/notes", "conf [x]/key", "n\xC3\xA4me"});
  }
  SUBCASE("on a side branch that a merge brought in without its content") {
    shell(workspace.path(),
          "git checkout -q -b side && echo x >.env && git add -f .env && git commit -qm x && "
          "git checkout -q - && git merge -q -s ours -m merge side");
    workspace.collect();
    CHECK(workspace.committed_private_files(main(), copied) == std::vector<std::string>{".env"});
  }
  SUBCASE("in the merge commit itself") {
    shell(workspace.path(),
          "git checkout -q -b side HEAD~ && git commit -q --allow-empty -m s && git checkout -q - && "
          "git merge -q --no-commit --no-ff side && echo x >.env && git add -f .env && "
          "git commit -qm merge");
    workspace.collect();
    CHECK(workspace.committed_private_files(main(), copied) == std::vector<std::string>{".env"});
  }
}

TEST_CASE_FIXTURE(WorkspaceFixture, "a worktree goes only when everything in it is kept") {
  const Workspace workspace = make();
  const auto refused = [&](const std::optional<git::ObjectId>& kept) {
    const auto reason = workspace.remove(kept);
    return reason && fs::exists(workspace.path() / "file.txt");
  };
  SUBCASE("nothing new") {
    CHECK(workspace.remove(main()) == std::nullopt);
  }
  SUBCASE("ignored files do not count") {
    workspace.write_scratch("notes", "x");
    CHECK(workspace.remove(main()) == std::nullopt);
  }
  SUBCASE("a commit on no kept branch") {
    shell(workspace.path(), "git commit -q --allow-empty -m x");
    CHECK(refused(main()));
    workspace.collect();
    CHECK(refused(main()));
    CHECK(refused(std::nullopt));
    CHECK(workspace.remove(workspace.head()) == std::nullopt);
  }
  SUBCASE("a changed file") {
    write(workspace.path() / "file.txt", "two\n");
    CHECK(refused(main()));
  }
  SUBCASE("a new file, also where git is told not to show them") {
    home.git("config status.showUntrackedFiles no");
    write(workspace.path() / "new", "x");
    CHECK(refused(main()));
  }
  SUBCASE("git has forgotten the worktree") {
    fs::remove_all(administration());
    CHECK(refused(main()));
  }
  SUBCASE("the folder is gone already") {
    fs::remove_all(workspace.path());
    CHECK(workspace.remove(std::nullopt) == std::nullopt);
  }
  SUBCASE("folders that may not be written to") {
    shell(workspace.path(),
          "mkdir -p .changeling/cache/deep && touch .changeling/cache/deep/x && "
          "chmod -R a-w .changeling/cache && chmod a-w .");
    CHECK(workspace.remove(main()) == std::nullopt);
  }
  SUBCASE("half made") {
    fs::remove(administration() / "made");
    CHECK(workspace.is_half_made());
    CHECK(workspace.remove(std::nullopt) == std::nullopt);
  }
  CHECK(fs::exists(workspace.path()) == fs::exists(workspace.path() / "file.txt"));
  if (!fs::exists(workspace.path())) CHECK_FALSE(fs::exists(administration()));
  CHECK(home.is_sound());
}

TEST_CASE_FIXTURE(WorkspaceFixture,
                  "the folder of worktrees may hold a link, but a worktree is never removed through one") {
  const Workspace workspace = make();
  const fs::path elsewhere = user.path() / "elsewhere";
  fs::rename(workspace.path(), elsewhere);
  fs::create_directory_symlink(elsewhere, workspace.path());
  CHECK(workspace.remove(main()));
  CHECK(fs::exists(elsewhere / "file.txt"));
}

TEST_CASE_FIXTURE(WorkspaceFixture, "a worktree is found again by another process until it is gone") {
  CHECK_FALSE(Workspace::find(services(), run_id, branch));
  make();
  testing::OpenServices other(home.path(), user.path());
  const auto found = Workspace::find(other.services, run_id, branch);
  REQUIRE(found);
  CHECK(found->head() == main());
  fs::remove_all(found->path());
  CHECK(Workspace::find(other.services, run_id, branch));
  CHECK(found->remove(main()) == std::nullopt);
  CHECK_FALSE(Workspace::find(other.services, run_id, branch));
}

TEST_CASE_FIXTURE(WorkspaceFixture,
                  "a worktree counts as gone without its folder, and without anything in it") {
  const Workspace workspace = make();
  CHECK_FALSE(workspace.is_gone());
  SUBCASE("emptied, as behind walls, which hold the folder") {
    for (const auto& entry : fs::directory_iterator(workspace.path())) fs::remove_all(entry.path());
  }
  SUBCASE("removed") {
    fs::remove_all(workspace.path());
  }
  CHECK(workspace.is_gone());
  CHECK(workspace.remove(main()) == std::nullopt);
  CHECK_FALSE(fs::exists(workspace.path()));
}

TEST_CASE_FIXTURE(WorkspaceFixture, "a worktree that git cannot fill leaves neither branch nor folder") {
  write(home.path() / ".gitattributes", "*.x filter=broken\n");
  write(home.path() / "a.x", "content\n");
  home.git("add .");
  home.git("commit -q -m filtered");
  home.git("config filter.broken.smudge false");
  home.git("config filter.broken.required true");
  CHECK_THROWS_AS(Workspace::create(services(), run_id, branch, main()), Error);
  CHECK_FALSE(open->repository.resolve("refs/heads/" + branch));
  CHECK_FALSE(std::filesystem::exists(services().places.worktree(run_id)));
  CHECK_FALSE(std::filesystem::exists(administration()));
  CHECK(shell(home.path(), "git for-each-ref refs/changelings/rooms").empty());
}
