#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace changeling::run {

/// Copies untracked files and folders from the user's work tree into a room. Missing ones are left out, as
/// are sockets and the like; a path that leads out of either throws Error(Refused).
void copy_files(const std::filesystem::path& work_tree, const std::filesystem::path& room,
                const std::vector<std::string>& paths);

/// A pattern for an ignore file that names this path of the room and no other one.
std::string ignore_pattern(const std::string& path);

}  // namespace changeling::run
