#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "project/services.hpp"

namespace changeling::run {

/// Where the user's repository keeps its git-lfs objects.
std::filesystem::path lfs_folder(const project::Services& services);

/// A pointer is at most that long, see the specification of git-lfs.
inline constexpr std::size_t longest_lfs_pointer = 1024;
/// The SHA-256 of the object that a file points to, in hexadecimal digits; nothing when it is no pointer.
std::optional<std::string> lfs_object_named_by(std::string_view blob);
/// Where the object with this SHA-256 lies, or would lie, in that folder.
std::filesystem::path place_of_lfs_object(const project::Services& services, const std::string& name);
/// Whether attributes of the commit, or of this repository, name git-lfs.
bool uses_lfs(const project::Services& services, const git::ObjectId& head);

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
