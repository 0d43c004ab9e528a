#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "git/repository.hpp"

namespace changeling::forge {

/// A work tree that a branch cannot be moved behind the back of.
struct WorkTreeOnBranch {
  std::filesystem::path path;
  bool current = false;  ///< The one that the repository was opened in.
  std::string
      operation;  ///< What is going on there: "rebase", "merge", "cherry-pick", "revert"; mostly empty.
};

/// The main and linked work trees that have `branch` checked out or are rebasing it. Reads what
/// gitrepository-layout(5) describes: HEAD of the common directory and worktrees/*/{HEAD,gitdir}. Linked ones
/// whose folder is gone do not count.
std::vector<WorkTreeOnBranch> work_trees_on_branch(const git::Repository& repository,
                                                   const std::string& branch);

}  // namespace changeling::forge
