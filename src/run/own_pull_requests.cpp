#include "run/own_pull_requests.hpp"

#include <algorithm>

#include "changeling/own_branch.hpp"
#include "project/branch_prefix.hpp"

namespace changeling::run {
namespace {

/// Told by the branch: a run that was killed right after opening it has not noted its number.
bool opened(const store::RunRecord& run, const forge::PullRequest& pull, const BranchPrefix& prefix) {
  return pull.branch == run.branch || pull.branch == prefix.branch(run.changeling, run.id);
}

}  // namespace

std::vector<forge::PullRequest> candidate_requests(const project::Services& services,
                                                   const store::RunRecord& run) {
  if (services.forge.needs_pushed_branch()) return services.forge.open_pull_requests();
  if (run.task.empty()) return services.forge.find_open({run.changeling, {}, ""});
  const BranchPrefix prefix = project::branch_prefix(services.repository);
  std::vector<std::string> branches;
  for (const store::RunRecord& earlier : services.runs.of_task(run.task)) {
    branches.push_back(prefix.branch(earlier.changeling, earlier.id));
    if (!earlier.branch.empty()) branches.push_back(earlier.branch);
  }
  if (branches.empty()) return {};
  return services.forge.find_open({"", branches, ""});
}

std::vector<forge::PullRequest> own_pull_requests(std::vector<forge::PullRequest> open,
                                                  const store::RunRecord& run,
                                                  const std::vector<store::RunRecord>& earlier_runs,
                                                  const BranchPrefix& prefix) {
  std::erase_if(open, [&](const forge::PullRequest& pull) {
    if (foreign_branch_problem(prefix, pull.branch, pull.base)) return true;
    const auto by_task = [&](const auto& wanted) {
      return std::any_of(earlier_runs.begin(), earlier_runs.end(), [&](const store::RunRecord& earlier) {
        return wanted(earlier.task) && opened(earlier, pull, prefix);
      });
    };
    if (!run.task.empty()) return !by_task([&](const std::string& task) { return task == run.task; });
    return pull.changeling != run.changeling || prefix.changeling_of(pull.branch) != run.changeling ||
           by_task([](const std::string& task) { return !task.empty(); });
  });
  return open;
}

}  // namespace changeling::run
