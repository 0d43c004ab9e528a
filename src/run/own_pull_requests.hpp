#pragma once

#include <vector>

#include "changeling/branch_prefix.hpp"
#include "forge/forge.hpp"
#include "project/services.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// Open pull requests among which all are that own_pull_requests() looks for. A forge elsewhere is asked
/// once, for what all changelings have.
std::vector<forge::PullRequest> candidate_requests(const project::Services& services,
                                                   const store::RunRecord& run);

/// Of the open pull requests, those that this run may go on with: for a task the ones that earlier runs of
/// the same task opened, otherwise the changeling's own without those of tasks (a role may share its name).
/// Whatever the requests and the records say, only those on a branch of a run (foreign_branch_problem).
std::vector<forge::PullRequest> own_pull_requests(std::vector<forge::PullRequest> open,
                                                  const store::RunRecord& run,
                                                  const std::vector<store::RunRecord>& earlier_runs,
                                                  const BranchPrefix& prefix = {});

}  // namespace changeling::run
