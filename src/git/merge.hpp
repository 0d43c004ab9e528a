#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "git/object_id.hpp"
#include "git/program.hpp"
#include "git/repository.hpp"
#include "git/work_tree.hpp"

namespace changeling::git {

/// What a merge of one branch into another came to.
struct MergeResult {
  enum class Kind { AlreadyMerged, FastForward, Merged, Conflicts };
  Kind kind = Kind::AlreadyMerged;
  std::optional<ObjectId> tree;                ///< For Merged: the merged tree.
  std::vector<std::string> conflicting_paths;  ///< For Conflicts, sorted.
};

/// Merges `theirs` into `ours` as `git merge` would, with its drivers, attributes and configuration; writes
/// objects only. `on_ours` is a work tree that has `ours` checked out, in which merge drivers can find their
/// files; without one, a private work tree serves.
/// Throws Error(Refused) when the two have no common commit, with the hint to fetch in a shallow clone, and
/// Error(External) with git's words when it cannot merge.
MergeResult merge(const GitProgram& git, const std::filesystem::path& common_directory, const ObjectId& ours,
                  const ObjectId& theirs, const std::optional<WorkTree>& on_ours = std::nullopt);

}  // namespace changeling::git
