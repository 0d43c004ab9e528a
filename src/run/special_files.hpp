#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace changeling::run {

/// Removes from a room, whose agent has ended, what would keep git or us waiting without end when it is read:
/// pipes, sockets and devices in the place of git's own files (".git…" anywhere, all within a ".git" folder),
/// and links there that lead to such. None of them can be part of a commit. Returns a sentence when a part of
/// the room cannot be looked into, such as a path that is too long.
std::optional<std::string> remove_special_files(const std::filesystem::path& room);

}  // namespace changeling::run
