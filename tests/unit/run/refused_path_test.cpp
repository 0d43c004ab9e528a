#include "run/refused_path.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "run/workspace.hpp"
#include "workspace_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;
using changeling::run::refused_path;

namespace {

template <typename Call>
std::string said(const Call& call) {
  const auto error = error_of(call);
  return error ? error->what() : "";
}

}  // namespace

TEST_CASE("the path that git refuses is found in its words") {
  CHECK(refused_path("error: invalid path 'git~1/config'\nerror: unable to add 'git~1/config' to index\n") ==
        "git~1/config");
  CHECK(refused_path("error: invalid path '.GIT/x'") == ".GIT/x");
  CHECK(refused_path("error: invalid path 'it's .git '\nfatal: adding files failed\n") == "it's .git ");
  for (const char* other :
       {"", "fatal: adding files failed", "error: invalid path '", "error: invalid path ''"})
    CHECK_FALSE(refused_path(other));
}

TEST_CASE("what git says otherwise is quoted with the worktree") {
  CHECK(run::why_git_failed("add", "/run/abc", "fatal: no space\n") ==
        "git add failed in the worktree /run/abc: fatal: no space");
}

TEST_CASE_FIXTURE(WorkspaceFixture,
                  "a file that git takes from nobody is named, with the worktree and what to do") {
  const run::Workspace workspace = make();
  shell(workspace.path(), "mkdir git~1; echo x > git~1/config; echo good > good");
  workspace.collect();
  const std::string told = said([&] { workspace.commit_leftovers("Leftovers"); });
  CHECK(told.find("'git~1/config'") != std::string::npos);
  CHECK(told.find(workspace.path().string()) != std::string::npos);
  CHECK(told.find("rename or remove it there") != std::string::npos);
}

TEST_CASE_FIXTURE(WorkspaceFixture, "one that the agent has committed in spite of that is named as well") {
  const run::Workspace workspace = make();
  shell(workspace.path(),
        "mkdir git~1; echo x > git~1/config; git -c core.protectNTFS=false add -A; "
        "git -c core.protectNTFS=false -c user.name=a -c user.email=a@b commit -qm mine");
  CHECK(said([&] { workspace.collect(); }).find("'git~1/config'") != std::string::npos);
}
