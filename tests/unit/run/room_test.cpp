#include "run/room.hpp"

#include <doctest/doctest.h>

#include "run/leader_git.hpp"
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

TEST_CASE_FIXTURE(WorkspaceFixture,
                  "a room has the base and the tags under their usual names, and borrows them") {
  home.git("tag -a -m note v1");
  home.git("remote add origin https://ada:token@example.com/x.git");
  testing::OpenServices own(home.path(), user.path(), "origin");
  const Workspace workspace = Workspace::create(own.services, run_id, branch, main(), "main", main());
  const auto in_room = [&](const std::string& line) { return shell(workspace.path(), line); };
  CHECK(in_room("git rev-parse origin/main main HEAD origin/HEAD | sort -u") == main().hex());
  CHECK(in_room("git describe") == "v1");
  CHECK(in_room("git remote get-url origin") == "https://example.com/x.git");
  CHECK(in_room("git config --get-regexp 'token|helper' || true").empty());
  CHECK(in_room("find .git/objects -type f | sort") == ".git/objects/info/alternates");
  in_room("git fsck --strict --no-dangling");
}

TEST_CASE_FIXTURE(WorkspaceFixture, "what a room borrows outlives the branches that had it") {
  shell(home.path(), "git checkout -q -b side && echo 2 >file.txt && git commit -qam two");
  const auto side = *open->repository.resolve("refs/heads/side");
  const Workspace workspace = Workspace::create(services(), run_id, branch, side, "side", side);
  shell(home.path(), "git checkout -q main && git branch -D side " + branch +
                         " && git reflog expire --expire=now --all && git gc -q --prune=now");
  CHECK(shell(workspace.path(), "git show HEAD:file.txt && git fsck --strict --no-dangling") == "2");
}

TEST_CASE_FIXTURE(WorkspaceFixture, "what the agent writes into its repository has no say in its work") {
  const Workspace workspace = make();
  const std::string ran = (user.path() / "ran").string();
  SUBCASE("marks that hide a file") {
    shell(workspace.path(),
          "echo two >file.txt && git update-index --assume-unchanged file.txt && "
          "git update-index --skip-worktree file.txt");
  }
  SUBCASE("an exclude") {
    shell(workspace.path(), "echo two >file.txt && echo x >new && echo new >>.git/info/exclude");
  }
  SUBCASE("a filter, a monitor, a hook") {
    shell(workspace.path(),
          "echo two >file.txt && echo '* filter=evil' >.git/info/attributes && "
          "echo '* filter=evil' >.gitattributes && "
          "git config filter.evil.clean \"sh -c 'touch " +
              ran + "; cat'\" && git config core.fsmonitor \"touch " + ran +
              "\" && mkdir -p .git/hooks && printf '#!/bin/sh\\ntouch " + ran +
              "' >.git/hooks/pre-commit && chmod +x .git/hooks/pre-commit");
    fs::remove(ran);
  }
  SUBCASE("a replaced commit") {
    shell(workspace.path(),
          "echo two >file.txt && git commit -qam two && "
          "git replace HEAD $(git commit-tree -p main -m other 'main^{tree}')");
  }
  SUBCASE("a commit that was rewritten to nothing by its index") {
    shell(workspace.path(), "echo two >file.txt && git rm -q --cached file.txt");
  }
  workspace.collect();
  workspace.commit_leftovers("work");
  CHECK(shell(home.path(), "git show " + workspace.head().hex() + ":file.txt") == "two");
  CHECK_FALSE(fs::exists(ran));
  CHECK(open->repository.has_object(workspace.head()));
  CHECK(home.is_sound());
}

TEST_CASE_FIXTURE(WorkspaceFixture, "where the work is can be read from the leader's directory alone") {
  const Workspace workspace = make();
  CHECK(run::leader_head(administration()) == main());
  shell(workspace.path(), "echo two >file.txt");
  workspace.collect();
  workspace.commit_leftovers("work");
  const auto committed = workspace.head();
  CHECK(committed != main());
  CHECK(run::leader_head(administration()) == committed);
  shell(administration(), "git --git-dir=. pack-refs --all");
  CHECK(run::leader_head(administration()) == committed);
  shell(administration(), "git --git-dir=. update-ref --no-deref HEAD " + main().hex());
  CHECK(run::leader_head(administration()) == main());
  shell(administration(), "rm HEAD && mkfifo HEAD");
  CHECK_FALSE(run::leader_head(administration()));
  CHECK_THROWS_AS(workspace.head(), Error);
}

TEST_CASE_FIXTURE(WorkspaceFixture, "nothing is left of a room's references, not even a folder") {
  const fs::path rooms = home.path() / ".git/refs/changelings/rooms";
  const Workspace workspace = make();
  CHECK(fs::exists(rooms / run_id / "start"));
  CHECK_FALSE(workspace.remove(main()));
  CHECK(fs::is_empty(rooms));
}

TEST_CASE_FIXTURE(WorkspaceFixture, "references of the user's cannot be reached through the room's") {
  const Workspace workspace = make();
  const auto before = shell(home.path(), "git for-each-ref refs/heads");
  SUBCASE("a link in the place of its references") {
    shell(workspace.path(), "rm -rf .git/refs .git/packed-refs && ln -s '" + home.path().string() +
                                "/.git/refs' .git/refs && echo 'ref: refs/heads/main' >.git/HEAD");
  }
  SUBCASE("a file in the place of the repository") {
    shell(workspace.path(), "rm -rf .git && echo 'gitdir: " + home.path().string() + "/.git' >.git");
  }
  write(workspace.path() / "work.txt", "x");
  workspace.collect();
  CHECK(workspace.commit_leftovers("work"));
  CHECK(shell(home.path(), "git for-each-ref refs/heads") == before);
  CHECK(files_of(*this, workspace.head().hex()) == "file.txt\nwork.txt");
}

TEST_CASE_FIXTURE(WorkspaceFixture, "a commit that is no sound one is not taken") {
  const Workspace workspace = make();
  shell(workspace.path(),
        "tree=$(printf '100644 blob %s\\t.git\\n' $(git rev-parse HEAD:file.txt) | git mktree) && "
        "git update-ref HEAD $(git commit-tree -p HEAD -m evil $tree)");
  CHECK_THROWS_AS(workspace.collect(), Error);
  CHECK(open->repository.resolve("refs/heads/" + branch) == main());
}

TEST_CASE_FIXTURE(WorkspaceFixture, "pipes and devices in the place of git's files keep nobody waiting") {
  const Workspace workspace = make();
  write(workspace.path() / "work.txt", "x");
  SUBCASE("in the work tree") {
    shell(workspace.path(), "mkdir d && echo 1 >d/a && mkfifo d/.gitignore d/.gitattributes .gitmodules");
  }
  std::string file;
  SUBCASE("in the place of the configuration") {
    file = "config";
  }
  SUBCASE("in the place of packed references") {
    file = "packed-refs";
  }
  SUBCASE("in the place of HEAD") {
    file = "HEAD";
  }
  SUBCASE("in the place of alternates") {
    file = "objects/info/alternates";
  }
  if (!file.empty()) shell(workspace.path(), "cd .git && rm -f " + file + " && mkfifo " + file);
  SUBCASE("a link to what never ends") {
    shell(workspace.path(), "ln -sf /dev/zero .git/objects/info/alternates");
  }
  SUBCASE("in a repository inside") {
    shell(workspace.path(),
          "git init -q n && cd n && git commit -q --allow-empty -m n && cd .git && rm HEAD && mkfifo HEAD");
  }
  workspace.collect();
  CHECK(workspace.commit_leftovers("work"));
  CHECK(files_of(*this, workspace.head().hex()).find("work.txt") != std::string::npos);
  workspace.keep_inner_commits();
  static_cast<void>(workspace.remove(workspace.head()));
}

TEST_CASE_FIXTURE(WorkspaceFixture, "what cannot be looked into is not thrown away") {
  const Workspace workspace = make();
  shell(workspace.path(),
        "python3 -c \"import os\nfor i in range(600):\n  os.mkdir('dddddddddd'); os.chdir('dddddddddd')\n"
        "open('f', 'w').write('x')\"");
  workspace.collect();
  CHECK(workspace.remove(workspace.head()));
  CHECK(fs::exists(workspace.path()));
  shell(user.path(), "rm -rf '" + workspace.path().string() + "'");
}
