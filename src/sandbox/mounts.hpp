#pragma once

#include <string>
#include <vector>

#include "sandbox/walls.hpp"

namespace changeling::sandbox {

/// The options of bubblewrap that make the file system of the walls, parents before what is in them.
/// `program` is the one to be started, which must be there.
std::vector<std::string> mount_options(const Walls& walls, const std::filesystem::path& program);

/// Whether `path` is `folder` or lies in it; both normal and absolute.
bool is_inside(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace changeling::sandbox
