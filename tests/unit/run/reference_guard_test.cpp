#include "run/reference_guard.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"
#include "run/git_trace.hpp"
#include "run/workspace.hpp"

using namespace changeling;
using changeling::run::GitTrace;
using changeling::run::RunFiles;
using changeling::run::Workspace;
using changeling::testing::RunFixture;

namespace {

const std::string run_id = "abcdefgh";
const std::string branch = "changelings/sprite/abcdefgh";

/// A run that is about to launch its agent.
struct GuardFixture : RunFixture {
  GuardFixture() : workspace(Workspace::create(services(), run_id, branch, main())), start(main()) {
    std::filesystem::create_directories(files().folder);
    shell(home.path(), "git branch other; git tag -a -m note v1; git config user.name Ada");
    tag = shell(home.path(), "git rev-parse refs/tags/v1");
    run::note_references(services(), files());
  }

  RunFiles files() const { return open->places.run(run_id); }
  /// What the agent types, in its worktree and with its trace.
  std::string agent(const std::string& line) const {
    const std::string trace = files().git_trace().string();
    return shell(workspace.path(),
                 "export GIT_TRACE='" + trace + "' GIT_TRACE_REFS='" + trace + "'; " + line);
  }
  std::string user(const std::string& line) const { return shell(home.path(), line); }
  std::vector<store::MovedReference> moved() {
    return run::put_references_back(services(), files(), branch, workspace.head());
  }
  std::string at(const std::string& name) const {
    return user("git rev-parse --quiet --verify " + name + " || true");
  }

  Workspace workspace;
  git::ObjectId start;
  std::string tag;
};

}  // namespace

TEST_CASE("what git does for the agent is read from its trace") {
  changeling::testing::TemporaryFolder folder;
  const auto file = folder.path() / "trace";
  const std::string a(40, 'a');
  const std::string b(40, 'b');
  const std::string none(40, '0');
  RunFixture::write(
      file,
      "18:05:13.329065 git.c:460               trace: built-in: git config Core.HooksPath x\n"
      "18:05:13.335233 refs/debug.c:71         0: refs/heads/mine " +
          a + " -> " + b +
          " (F=0xc, T=0x0) \"commit: a -> b\"\n"
          "18:05:13.335233 refs/debug.c:71         1: refs/heads/gone " +
          a + " -> " + none +
          " (F=0x4, T=0x0) \"\"\n"
          "18:05:13.335614 refs/debug.c:139        create_symref: HEAD -> refs/heads/mine \"checkout\": 0\n"
          "18:05:13.391248 refs/debug.c:151        delete_refs {\n"
          "18:05:13.391265 refs/debug.c:153        refs/heads/keep\n"
          "18:05:13.391267 refs/debug.c:154        }: 0\n"
          "18:05:13.427647 refs/debug.c:164        rename_ref: refs/heads/old -> refs/heads/new \"Branch\": "
          "0\n"
          "not a line of git at all -> refs/heads/x\n");
  const GitTrace trace = GitTrace::read(file);
  CHECK(trace.values("refs/heads/mine") == std::vector<std::string>{b});
  CHECK(trace.values("HEAD") == std::vector<std::string>{"refs/heads/mine"});
  CHECK(trace.values("refs/heads/new") == std::vector<std::string>{"refs/heads/old"});
  CHECK(trace.values("refs/heads/x").empty());
  CHECK(trace.deleted("refs/heads/gone"));
  CHECK(trace.deleted("refs/heads/keep"));
  CHECK(trace.deleted("refs/heads/old"));
  CHECK_FALSE(trace.deleted("refs/heads/mine"));
  CHECK(trace.could_have_set("core.hookspath"));
  CHECK_FALSE(trace.could_have_set("core.editor"));
  CHECK(GitTrace::read(folder.path() / "missing").values("HEAD").empty());
}

TEST_CASE_FIXTURE(GuardFixture, "an agent that keeps to its branch has moved nothing") {
  agent(
      "echo x > x; git add x; git commit -q -m work; git stash list; git checkout -q --detach; git checkout "
      "-q -");
  CHECK(moved().empty());
}

TEST_CASE_FIXTURE(GuardFixture, "what the agent moved of the user's is named and put back") {
  std::string name;
  std::string before = start.hex();
  SUBCASE("by committing on another branch") {
    agent("git checkout -q other; echo x > x; git add x; git commit -q -m evil");
    workspace.leave_other_branch();
    name = "refs/heads/other";
  }
  SUBCASE("by force") {
    agent("git commit -q --allow-empty -m evil; git branch -f other HEAD");
    name = "refs/heads/other";
  }
  SUBCASE("under the user's work tree") {
    agent("git commit -q --allow-empty -m evil; git update-ref refs/heads/main HEAD");
    name = "refs/heads/main";
  }
  SUBCASE("by deleting") {
    agent("git branch -q -D other");
    name = "refs/heads/other";
  }
  SUBCASE("an annotated tag") {
    agent("git tag -f v1 HEAD");
    name = "refs/tags/v1";
    before = tag;
  }
  const auto found = moved();
  REQUIRE(found.size() == 1);
  CHECK(found[0].name == name);
  CHECK(found[0].before == before);
  CHECK(found[0].put_back);
  CHECK(run::is_trespass(found[0]));
  CHECK(at(name) == before);
  CHECK(moved().empty());
  CHECK(user("git status --porcelain").empty());
}

TEST_CASE_FIXTURE(GuardFixture, "what others move meanwhile is not the agent's") {
  agent("git commit -q --allow-empty -m work");
  SUBCASE("a commit of the user's") {
    user("git commit -q --allow-empty -m mine");
  }
  SUBCASE("branches and tags") {
    user("git branch new; git tag v2; git branch -D other; git tag -d v1");
  }
  SUBCASE("a setting") {
    user("git config core.editor vi");
  }
  SUBCASE("a fetch") {
    user("git update-ref refs/remotes/origin/main HEAD");
  }
  SUBCASE("another branch is checked out") {
    user("git checkout -q other");
  }
  SUBCASE("the state") {
    open->store.update({"note", "test", {}},
                       [](const auto&, store::Change& change) { change.write("note", "x"); });
  }
  CHECK(moved().empty());
}

TEST_CASE_FIXTURE(GuardFixture, "what others have gone on from is named and stays") {
  agent("git commit -q --allow-empty -m evil; git branch -f other HEAD");
  user("git checkout -q other; git commit -q --allow-empty -m mine");
  const std::string now = at("other");
  const auto found = moved();
  REQUIRE(found.size() == 1);
  CHECK(found[0].name == "refs/heads/other");
  CHECK_FALSE(found[0].put_back);
  CHECK(at("other") == now);
}

TEST_CASE_FIXTURE(GuardFixture, "a new branch goes when its work is kept, and stays when it is not") {
  agent(
      "git checkout -q -b feature; git commit -q --allow-empty -m work; git tag kept; git branch aside;"
      "git checkout -q aside; git commit -q --allow-empty -m more; git checkout -q feature");
  workspace.leave_other_branch();
  const auto found = moved();
  REQUIRE(found.size() == 3);
  for (const store::MovedReference& one : found) {
    CAPTURE(one.name);
    CHECK_FALSE(run::is_trespass(one));
    CHECK(one.put_back == (one.name != "refs/heads/aside"));
  }
  CHECK(at("refs/heads/feature").empty());
  CHECK(at("refs/tags/kept").empty());
  CHECK_FALSE(at("refs/heads/aside").empty());
}

TEST_CASE_FIXTURE(GuardFixture, "settings of the repository are named and put back") {
  agent("git config user.name Claude; git config --add core.hooksPath /tmp/evil");
  const auto found = moved();
  REQUIRE(found.size() == 2);
  CHECK(found[0].name == "config core.hookspath");
  CHECK(found[0].before.empty());
  CHECK(found[1].name == "config user.name");
  CHECK(run::describe(found[1]) == "config user.name from Ada to Claude (put back)");
  CHECK_FALSE(run::is_trespass(found[0]));
  CHECK(user("git config user.name") == "Ada");
  CHECK(user("git config core.hooksPath || true").empty());
}

TEST_CASE_FIXTURE(GuardFixture, "the HEAD of the user's work tree is named") {
  agent("git -C '" + home.path().string() + "' checkout -q other");
  const auto found = moved();
  REQUIRE(found.size() == 1);
  CHECK(run::describe(found[0]) == "HEAD from refs/heads/main to refs/heads/other");
  CHECK(run::is_trespass(found[0]));
}
