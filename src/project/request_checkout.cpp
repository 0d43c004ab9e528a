#include "project/request_checkout.hpp"

#include <fmt/format.h>

#include "forge/missing_commits.hpp"
#include "git/work_tree.hpp"
#include "project/review.hpp"
#include "support/error.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

git::ObjectId head_of(Project& project, const forge::PullRequest& pull) {
  if (const auto head = changes_of(project, pull).head.commit) return *head;
  throw Error(ErrorKind::Unavailable, fmt::format("the commit of pull request {} is not here", pull.number),
              "fetch it: " + forge::fetch_command(project.repository(), project.remote(),
                                                  {pull.head, pull.branch, pull.base}));
}

/// Where HEAD of a work tree is: "main", or a commit.
struct Head {
  std::string branch;
  std::string commit;
};

Head head_in(const git::GitProgram& git) {
  Head head;
  const ProcessResult branch = git.run({"symbolic-ref", "--quiet", "--short", "HEAD"});
  if (branch.status.success()) head.branch = trim(branch.output);
  const ProcessResult commit = git.run({"rev-parse", "--quiet", "--verify", "HEAD^{commit}"});
  if (commit.status.success()) head.commit = trim(commit.output);
  return head;
}

/// Commits on no branch are found again by nobody who has left them.
void require_kept(const git::GitProgram& git, const Head& head, const git::ObjectId& target) {
  if (!head.branch.empty() || head.commit.empty() || head.commit == target.hex()) return;
  const std::string holders = git.check({"for-each-ref", "--count=1", "--format=x", "--contains", head.commit,
                                         "refs/heads", "refs/tags", "refs/remotes"});
  if (!holders.empty()) return;
  const auto is_inside = git.run({"merge-base", "--is-ancestor", head.commit, target.hex()});
  if (is_inside.status.success()) return;
  throw Error(ErrorKind::Refused,
              fmt::format("HEAD is on commits that are on no branch, up to {}", head.commit.substr(0, 10)),
              "give them one first: git switch -c NAME");
}

}  // namespace

RequestCheckout check_out_request(Project& project, const forge::PullRequest& pull) {
  const auto tree = project.work_tree();
  if (!tree)
    throw Error(ErrorKind::Refused, "there is no work tree here to check it out in",
                fmt::format("look at it: git changeling review diff {}", pull.number));
  const git::ObjectId target = head_of(project, pull);
  const git::GitProgram git = git::git_in(project.git(), *tree);
  const Head before = head_in(git);
  require_kept(git, before, target);
  const ProcessResult result = git.run({"switch", "--quiet", "--detach", target.hex()});
  if (!result.status.success())
    throw Error(ErrorKind::Refused,
                fmt::format("git does not check out pull request {}: {}", pull.number, trim(result.error)),
                "nothing has changed");
  return {target, before.branch.empty() ? fmt::format("git switch --detach {}", before.commit)
                                        : fmt::format("git switch {}", shell_quote(before.branch))};
}

}  // namespace changeling::project
