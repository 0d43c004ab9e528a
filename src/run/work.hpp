#pragma once

#include <optional>
#include <string>

#include "project/services.hpp"
#include "run/workspace.hpp"

namespace changeling::run {

/// What an agent's worktree came to, all of it in commits on the run's branch.
struct KeptWork {
  std::optional<git::ObjectId>
      head;  ///< Nothing when the worktree could not be read or its work not be kept.
  std::optional<std::string>
      problem;             ///< Why it cannot be proposed: an unfinished rebase, rewritten history.
  bool is_denied = false;  ///< The problem is a filter that is not run.
  /// Commits of repositories inside the worktree that nobody else has, and where they are now.
  std::vector<KeptCommit> kept;
};

/// Commits leftovers and points the run's branch at the result, so that the worktree can go without losing
/// anything. The agent's own commits stay as they are; those that it left on the run's branch and went on
/// without are kept on a branch named "…-left-behind". When the worktree is gone the branch is what there is.
KeptWork keep_work(const project::Services& services, const Workspace& workspace,
                   const std::string& changeling, const std::string& run_id,
                   const std::optional<git::ObjectId>& start, const std::string& summary = "");

/// Deletes the run's branch when it holds nothing beyond `start`. Returns whether it was kept.
bool drop_branch_without_work(const project::Services& services, const std::string& branch,
                              const std::optional<git::ObjectId>& start);

}  // namespace changeling::run
