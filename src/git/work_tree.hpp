#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/program.hpp"

namespace changeling::git {

/// Checked-out files, and the git directory with their index and HEAD. Both paths are absolute.
struct WorkTree {
  std::filesystem::path folder;
  std::filesystem::path git_directory;
};

/// The work tree that git itself would use in `start`: `environment` is taken as it is, with GIT_DIR and
/// GIT_WORK_TREE. Nothing in a bare repository and inside of a `.git` folder. Throws Error(External) with
/// git's words when it uses no repository there.
std::optional<WorkTree> opened_work_tree(ProcessRunner& runner, const Environment& environment,
                                         const std::filesystem::path& start);

/// git as it runs in that work tree; with `index` instead of the work tree's own if it is given.
GitProgram git_in(const GitProgram& git, const WorkTree& tree, const std::filesystem::path& index = {});

/// `git ARGUMENTS…` without the user's hooks, and with a look at every file rather than a file watcher's
/// word.
ProcessResult run_alone(const GitProgram& git, const std::vector<std::string>& arguments,
                        const std::string& standard_input = "");

/// A work tree that `git worktree add` made.
struct LinkedWorkTree {
  std::filesystem::path folder;
  std::string reference;  ///< What its HEAD is on ("refs/heads/main"); empty when detached.
  bool locked = false;    ///< Kept although its folder may be on a disk that is not here now.
};
/// Those of the repository with this common directory, as `git worktree list` knows them.
std::vector<LinkedWorkTree> linked_work_trees(const GitProgram& git,
                                              const std::filesystem::path& common_directory);

/// The parts of output that was asked for with -z.
std::vector<std::string> nul_separated(std::string_view output);

}  // namespace changeling::git
