#include "run/reference_guard.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>

#include "fixture.hpp"
#include "run/git_trace.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

using namespace changeling;
using changeling::project::RunFiles;
using changeling::run::GitTrace;
using changeling::testing::RunFixture;

namespace {

const std::string run_id = "abcdefgh";
const std::string branch = "changelings/sprite/abcdefgh";

/// A run that is about to launch its agent, which has found the user's repository and works on it.
struct GuardFixture : RunFixture {
  GuardFixture() : start(main()) {
    shell(home.path(), "git worktree add -q -b " + branch + " '" + work_tree().string() + "'");
    std::filesystem::create_directories(files().folder);
    shell(home.path(), "git branch other; git tag -a -m note v1; git config user.name Ada");
    tag = shell(home.path(), "git rev-parse refs/tags/v1");
    notes = run::note_references(services(), files(), run::Watched::References);
  }

  RunFiles files() const { return open->places.run(run_id); }
  std::filesystem::path work_tree() const { return RunFixture::user.path() / "agents"; }
  git::ObjectId agents_head() const {
    return git::ObjectId::from_hex(shell(work_tree(), "git rev-parse HEAD"));
  }
  /// What the agent types there, with its trace.
  std::string agent(const std::string& line) const {
    const std::string trace = files().git_trace().string();
    return shell(work_tree(), "export GIT_TRACE2_EVENT='" + trace +
                                  "' GIT_TRACE2_EVENT_NESTING=1 GIT_TRACE2_ENV_VARS=GIT_DIR; " + line);
  }
  std::string user(const std::string& line) const { return shell(home.path(), line); }
  std::vector<store::MovedReference> moved() {
    return run::put_references_back(services(), files(), notes, branch, agents_head());
  }
  std::string at(const std::string& name) const {
    return user("git rev-parse --quiet --verify " + name + " || true");
  }

  git::ObjectId start;
  std::string tag;
  std::string notes;
};

/// What git writes of one command in `work_tree`.
std::string events(const std::string& session, const std::string& work_tree,
                   const std::vector<std::string>& arguments, int exit_code = 0) {
  const auto line = [&](Json event) {
    event["sid"] = session;
    return event.dump() + "\n";
  };
  return line({{"event", "start"}, {"argv", arguments}}) +
         line({{"event", "def_repo"}, {"worktree", work_tree}}) +
         line({{"event", "exit"}, {"code", exit_code}});
}

/// A trace of these lines, as a repository with main in /user and a run in /run reads it.
std::optional<GitTrace> read_events(const std::string& lines) {
  const changeling::testing::TemporaryFolder folder;
  const auto file = folder.path() / "trace";
  GitTrace::begin(file);
  std::ofstream(file, std::ios::app | std::ios::binary) << lines;
  run::TracedRepository repository;
  repository.common_directory = "/user/.git";
  repository.main_work_tree = "/user";
  repository.heads = {{"/user", "refs/heads/main"}, {"/run", "refs/heads/changelings/x"}};
  repository.references = {"refs/heads/main", "refs/heads/other", "refs/remotes/origin/far"};
  return GitTrace::read(file, repository);
}

/// How often one command of the agent's in its own work tree can have moved the reference.
std::size_t moves_of(const std::string& line, const std::string& reference) {
  return read_events(events("a", "/run", split("git " + line, ' ')))->moves(reference);
}

}  // namespace

TEST_CASE("only the names that a command moves count") {
  const std::string main = "refs/heads/main";
  for (const char* line :
       {"branch -f main HEAD", "branch -qD x main", "branch -m main x", "branch -M x main",
        "checkout -qB main HEAD~1", "switch -C main", "switch --orphan=main",
        "update-ref -m why refs/heads/main HEAD", "-C x -c a.b=c --no-pager branch main", "push . HEAD:main",
        "push -f ../x +HEAD:refs/heads/main", "push . -d main", "fetch .. a:main", "worktree add -f ../main",
        "worktree add -B main ../x", "stash branch main"}) {
    CAPTURE(line);
    CHECK(moves_of(line, main) == 1);
  }
  for (const char* line :
       {"branch", "branch work main", "branch --contains main", "branch -u main", "checkout -b work main",
        "checkout main", "diff main", "log main", "update-ref refs/heads/x main", "tag x main", "merge main",
        "rebase main", "push origin HEAD:main", "fetch .. main", "worktree add ../x main", "commit -m main",
        "symbolic-ref HEAD", "stash", "cherry-pick main"}) {
    CAPTURE(line);
    CHECK(moves_of(line, main) == 0);
  }
  CHECK(moves_of("tag -fm note main HEAD", "refs/tags/main") == 1);
  CHECK(moves_of("tag -l main", "refs/tags/main") == 0);
  CHECK(moves_of("stash", "refs/stash") == 1);
  CHECK(moves_of("stash list", "refs/stash") == 0);
  CHECK(moves_of("notes --ref x add -m y", "refs/notes/x") == 1);
  CHECK(moves_of("replace a b", "refs/replace/a") == 1);
}

TEST_CASE("what moves the current branch counts for the one that is checked out there") {
  const std::string other = "refs/heads/other";
  const auto in_run = [](const std::string& session, const std::string& line) {
    return events(session, "/run", split("git " + line, ' '));
  };
  auto trace =
      read_events(in_run("a", "checkout other") + in_run("b", "commit") + in_run("c", "checkout -- x") +
                  in_run("d", "reset --hard HEAD~1") + in_run("e", "switch -") + in_run("f", "commit"));
  CHECK(trace->moves(other) == 2);
  CHECK(trace->moves("HEAD") == 0);
  trace = read_events(in_run("a", "checkout far") + in_run("b", "commit"));
  CHECK(trace->moves("refs/heads/far") == 1);
  trace = read_events(events("a", "/user", {"git", "commit"}) +
                      events("b", "/user", {"git", "checkout", "other"}) +
                      events("c", "/user", {"git", "merge", "x"}));
  CHECK(trace->moves("refs/heads/main") == 1);
  CHECK(trace->moves(other) == 1);
  CHECK(trace->moves("HEAD") == 1);
  trace = read_events(in_run("a", "worktree add -q ../tree other") + events("b", "/tree", {"git", "commit"}) +
                      events("c", "/clone", {"git", "branch", "-f", "main"}));
  CHECK(trace->moves(other) == 1);
  CHECK(trace->moves("refs/heads/main") == 0);
  CHECK(read_events(in_run("a", "--git-dir=/user/.git commit"))->moves("refs/heads/main") == 1);
}

TEST_CASE("a command that failed, and what a command starts, moves nothing more") {
  CHECK(read_events(events("a", "/run", {"git", "branch", "main"}, 128))->moves("refs/heads/main") == 0);
  const auto trace = read_events(events("a", "/user", {"git", "pull"}) +
                                 events("a/b", "/user", {"/usr/bin/git", "merge", "x"}));
  CHECK(trace->moves("refs/heads/main") == 1);
}

TEST_CASE("an alias is what it stands for, in the program itself or in one that it starts") {
  const std::string start = R"({"event":"start","sid":"a","argv":["git","move"]})"
                            "\n";
  const std::string alias = R"({"event":"alias","sid":"a","alias":"move","argv":["branch","-f","main"]})"
                            "\n";
  CHECK(read_events(start + alias)->moves("refs/heads/main") == 1);
  CHECK(read_events(start + alias + events("a/b", "/run", {"git", "branch", "-f", "main"}))
            ->moves("refs/heads/main") == 1);
}

TEST_CASE("settings and unnamed references are told from the commands, and a damaged trace tells nothing") {
  const auto trace = read_events(events("a", "/run", {"git", "config", "Core.HooksPath", "x"}) +
                                 events("b", "/run", {"git", "update-ref", "--stdin"}));
  CHECK(trace->could_have_set("core.hookspath"));
  CHECK_FALSE(trace->could_have_set("core.editor"));
  CHECK(trace->moved_unnamed());
  CHECK(trace->moves("refs/heads/main") == 0);
  CHECK_FALSE(read_events("{\"event\":\"sta").has_value());
  CHECK_FALSE(GitTrace::read("missing", {}).has_value());
}

TEST_CASE("what an agent puts in the place of the trace neither blocks nor goes on for ever") {
  const changeling::testing::TemporaryFolder folder;
  const auto file = folder.path() / "trace";
  SUBCASE("a link to what never ends") {
    std::filesystem::create_symlink("/dev/zero", file);
  }
  SUBCASE("a pipe that nobody writes into") {
    REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  }
  SUBCASE("a folder") {
    std::filesystem::create_directories(file);
  }
  CHECK_FALSE(GitTrace::read(file, {}).has_value());
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
    shell(work_tree(), "git checkout -q --detach");
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
  SUBCASE("by committing in the user's work tree") {
    agent("git -C '" + home.path().string() + "' commit -q --allow-empty -m evil");
    name = "refs/heads/main";
  }
  SUBCASE("by pushing from a clone") {
    agent("git clone -q '" + home.path().string() +
          "' clone; cd clone; git commit -q --allow-empty -m evil; git push -q origin HEAD:other; cd ..; rm "
          "-rf clone");
    name = "refs/heads/other";
  }
  SUBCASE("by an alias") {
    agent("git commit -q --allow-empty -m evil; git -c alias.move='branch -f' move other HEAD");
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

TEST_CASE_FIXTURE(GuardFixture, "commits that are kept for other runs, and remote-tracking branches") {
  const std::string first = start.hex();
  const std::string second = user("git commit-tree -p main -m second 'main^{tree}'");
  const std::string kept = "refs/changelings/kept/old/1";
  user("git update-ref " + kept + " " + first + " && git update-ref refs/remotes/origin/main " + first);
  notes = run::note_references(services(), files(), run::Watched::References);
  SUBCASE("what was kept is put back when the agent deletes it") {
    agent("git update-ref -d " + kept);
    const auto found = moved();
    REQUIRE(found.size() == 1);
    CHECK(found[0].name == kept);
    CHECK(found[0].put_back);
    CHECK(run::is_trespass(found[0]));
    CHECK(at(kept) == first);
  }
  SUBCASE("a tracking branch that the agent moves is named and put back, as the fetch that it may be") {
    agent("git update-ref refs/remotes/origin/main " + second);
    const auto found = moved();
    REQUIRE(found.size() == 1);
    CHECK(found[0].name == "refs/remotes/origin/main");
    CHECK(found[0].put_back);
    CHECK_FALSE(run::is_trespass(found[0]));
    CHECK(run::is_worth_a_look(found[0]));
    CHECK(at("refs/remotes/origin/main") == first);
  }
  SUBCASE("what others move of them is nobody's") {
    user("git update-ref refs/remotes/origin/main " + second);
    user("git update-ref refs/changelings/kept/other/1 " + second);
    user("git update-ref refs/changelings/kept/" + run_id + "/1 " + second);
    CHECK(moved().empty());
  }
  SUBCASE("without a trace what was kept is named when it is gone") {
    user("git update-ref -d " + kept + " && git update-ref refs/remotes/origin/main " + second);
    std::filesystem::remove(files().git_trace());
    const auto found = moved();
    REQUIRE(found.size() == 1);
    CHECK(found[0].name == "unclear " + kept);
  }
}

TEST_CASE_FIXTURE(GuardFixture, "what others move meanwhile is not the agent's") {
  agent("git commit -q --allow-empty -m work");
  SUBCASE("a commit of the user's") {
    user("git commit -q --allow-empty -m mine");
  }
  SUBCASE("a commit on what the agent only reads") {
    agent("git checkout -q -b work main; git diff main; git checkout -q -; git branch -q -D work");
    user("git commit -q --allow-empty -m mine");
  }
  SUBCASE("a commit on what the agent failed to move") {
    agent("git branch main || true");
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
  shell(work_tree(), "git checkout -q --detach");
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

TEST_CASE_FIXTURE(GuardFixture,
                  "with the trace gone, cut, or for unnamed references every change is named and stays") {
  SUBCASE("removed") {
    agent("git branch -f other HEAD");
    std::filesystem::remove(files().git_trace());
  }
  SUBCASE("emptied") {
    agent("git status -s");
    std::ofstream(files().git_trace(), std::ios::trunc).flush();
  }
  SUBCASE("cut") {
    agent("git status -s");
    std::filesystem::resize_file(files().git_trace(), std::filesystem::file_size(files().git_trace()) - 9);
  }
  SUBCASE("from input") {
    agent("echo \"create refs/heads/$(git rev-parse HEAD) HEAD\" | git update-ref --stdin");
    agent("echo \"delete refs/heads/$(git rev-parse HEAD)\" | git update-ref --stdin");
  }
  std::filesystem::remove(files().references());
  user("git commit -q --allow-empty -m mine");
  const std::string now = at("main");
  const auto found = moved();
  REQUIRE(found.size() == 1);
  CHECK(run::describe(found[0]) == "refs/heads/main from " + start.hex().substr(0, 10) + " to " +
                                       now.substr(0, 10) +
                                       " (changed during the run, by whom cannot be told)");
  CHECK_FALSE(run::is_trespass(found[0]));
  CHECK(run::is_worth_a_look(found[0]));
  CHECK(at("main") == now);
}

TEST_CASE_FIXTURE(GuardFixture, "what the user has moved as well is named and stays") {
  agent("git commit -q --allow-empty -m evil; git branch -f other HEAD");
  user("git branch -f other HEAD; git branch -f other main");
  CHECK(moved().empty());
  const std::string mine = user("git commit-tree -m mine 'HEAD^{tree}'");
  user("git branch -f other " + mine);
  const auto found = moved();
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].put_back);
  CHECK(at("other") == mine);
}

TEST_CASE_FIXTURE(GuardFixture, "without walls what any program has written is named, and blamed on nobody") {
  user(
      "mkdir -p .git/info; echo '*.o' > .git/info/exclude; echo old > .git/hooks/pre-push; echo 1 > "
      ".git/hooks/gone");
  notes = run::note_references(services(), files(), run::Watched::FilesAsWell);
  CHECK(moved().empty());
  user("echo new > .git/hooks/pre-push; rm .git/hooks/gone; echo '* filter=x' > .git/info/attributes");
  // Of one size and one time as before, so that only the kernel's own time tells.
  user(
      "touch -r .git/info/exclude .git/stamp; echo '*.a' > .git/info/exclude; touch -r .git/stamp "
      ".git/info/exclude");
  user("printf '[http]\\n\\textraHeader = secret\\n' >> .git/config; git config branch.main.remote origin");
  std::vector<std::string> told;
  for (const store::MovedReference& each : moved()) {
    told.push_back(run::describe(each));
    CHECK_FALSE(run::is_trespass(each));
    CHECK_FALSE(run::is_worth_a_look(each));
    CHECK_FALSE(each.put_back);
    CHECK(each.after.find("secret") == std::string::npos);
  }
  std::sort(told.begin(), told.end());
  const std::string meanwhile = " (changed while the run was going on)";
  CHECK(told == std::vector<std::string>{"config http.extraheader" + meanwhile, "hooks/gone" + meanwhile,
                                         "hooks/pre-push" + meanwhile, "info/attributes" + meanwhile,
                                         "info/exclude" + meanwhile});
  CHECK(user("cat .git/hooks/pre-push") == "new");
}

TEST_CASE_FIXTURE(GuardFixture, "behind walls nobody looks at what only the user can have written") {
  user("mkdir -p .git/hooks; echo new > .git/hooks/pre-push; git config core.editor vi");
  CHECK(moved().empty());
}
