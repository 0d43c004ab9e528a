#pragma once

#include <filesystem>
#include <optional>

#include "git/object_id.hpp"
#include "git/program.hpp"
#include "support/files.hpp"

namespace changeling::git {

/// Files, an index and a HEAD of our own on the objects and configuration of a repository, of which neither
/// the user's work trees nor `git worktree list` know. Removed at the end; what a killed process has left
/// goes with the next one.
class PrivateWorkTree {
 public:
  /// The index holds `commit`, HEAD is detached at it, and there are no files yet.
  PrivateWorkTree(const GitProgram& git, const std::filesystem::path& common_directory,
                  const ObjectId& commit);
  PrivateWorkTree(const PrivateWorkTree&) = delete;
  PrivateWorkTree& operator=(const PrivateWorkTree&) = delete;
  ~PrivateWorkTree();

  /// Runs in files().
  const GitProgram& git() const { return *git_; }
  const std::filesystem::path& files() const { return files_; }

 private:
  std::filesystem::path place_;
  std::filesystem::path files_;
  std::optional<FileLock> lock_;  ///< Tells others that this is no remains.
  std::optional<GitProgram> git_;
};

}  // namespace changeling::git
