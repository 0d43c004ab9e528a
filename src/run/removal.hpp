#pragma once

#include <filesystem>
#include <system_error>

namespace changeling::run {

/// Removes a folder with everything in it, also what a build has left without the right to write (Go's module
/// cache does). Links are not followed. The error is that of the last try.
std::error_code remove_tree(const std::filesystem::path& path);

}  // namespace changeling::run
