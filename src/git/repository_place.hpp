#pragma once

#include <filesystem>
#include <optional>

namespace changeling::git {

/// Where an open repository lies, so that the git program is told instead of looking for it: what it would
/// find from a folder depends on the environment, on safe.bareRepository, and on how `.git` is named.
struct RepositoryPlace {
  std::filesystem::path git_directory;     ///< Of this work tree: ".git", or ".git/worktrees/NAME".
  std::filesystem::path common_directory;  ///< Shared by all work trees.
  std::optional<std::filesystem::path> work_tree;
};

}  // namespace changeling::git
