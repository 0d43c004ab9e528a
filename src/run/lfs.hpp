#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "project/services.hpp"

namespace changeling::run {

/// Where the user's repository keeps its git-lfs objects.
std::filesystem::path lfs_folder(const project::Services& services);

/// Takes over the git-lfs objects that somebody has made in the repository with this git directory: those
/// that are what their name says. They are looked for where git-lfs keeps them unless told otherwise.
void keep_lfs_objects(const project::Services& services, const std::filesystem::path& git_directory);

/// Puts the git-lfs objects of `head` on the server of `remote`, before the branch that needs them is: the
/// user's pre-push hook, which does it otherwise, is not run. Asks nobody where no attributes of `head` name
/// git-lfs. Returns what went wrong, for now. Throws Error(Refused) when git-lfs is not here and `head` has
/// objects that are nowhere else.
std::optional<std::string> upload_lfs_objects(const project::Services& services, const std::string& remote,
                                              const git::ObjectId& base, const git::ObjectId& head,
                                              const std::string& branch);

}  // namespace changeling::run
