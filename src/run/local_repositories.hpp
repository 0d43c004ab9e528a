#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace changeling::run {

/// Git folders on this machine that a repository takes from: its remotes and the submodules of its
/// configuration and of `worktree`, where their address is a path. Only what is a git folder is named,
/// without the files around it.
std::vector<std::filesystem::path> local_repositories(const std::filesystem::path& common_directory,
                                                      const std::filesystem::path& worktree);

/// Values of the `url` keys of a git configuration, in the order of the file.
std::vector<std::string> addresses_in(const std::string& configuration);

}  // namespace changeling::run
