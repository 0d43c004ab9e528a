#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "git/program.hpp"
#include "git/work_tree.hpp"

namespace changeling::forge {

/// A work tree that a branch cannot be moved behind the back of.
struct WorkTreeOnBranch {
  enum class Place {
    Opened,   ///< The one that the command was started in.
    Other,    ///< Another one; `path` is its folder.
    Absent,   ///< A locked one whose folder is not here, on a disk that may come back.
    Unknown,  ///< `path` is a git directory with an index, whose files are at a place that only its user
              ///< knows.
  };
  std::filesystem::path path;
  Place place = Place::Other;
  std::string operation;  ///< What is going on there: "rebase", "am", "merge", "cherry-pick", "revert";
                          ///< mostly empty.
};

/// The work trees that have `reference` ("refs/heads/main") checked out or will come back to it at the end of
/// a rebase. `opened` is the one that git uses here. One that has no index yet has nothing checked out, and a
/// linked one whose folder is gone for good does not count.
std::vector<WorkTreeOnBranch> work_trees_on(const git::GitProgram& git,
                                            const std::filesystem::path& common_directory,
                                            const std::optional<git::WorkTree>& opened,
                                            const std::string& reference);

/// Where a symbolic reference leads in the end; the name itself when it is none.
std::string end_of_symbolic(const git::GitProgram& git, const std::filesystem::path& git_directory,
                            const std::string& reference);

}  // namespace changeling::forge
