#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace changeling::run {

/// Git folders on this machine that a repository takes from: the remotes and submodules of the user's own
/// configuration, and of that of the submodules that are checked out, where their address is a path. Only
/// what is a git folder is named, without the files around it. What a commit says in .gitmodules opens
/// nothing.
std::vector<std::filesystem::path> local_repositories(const std::filesystem::path& common_directory);

/// Addresses in the .gitmodules of `worktree` that would lead to other git folders on this machine.
std::vector<std::string> unopened_submodules(const std::filesystem::path& common_directory,
                                             const std::filesystem::path& worktree);

/// Values of the `url` keys of a git configuration, in the order of the file.
std::vector<std::string> addresses_in(const std::string& configuration);

}  // namespace changeling::run
