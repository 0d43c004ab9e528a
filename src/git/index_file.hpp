#pragma once

#include <filesystem>

namespace changeling::git {

/// Whether an index (gitformat-index(5)) may hold links to commits of other repositories, which is what git
/// makes of submodules. False is certain; true is also the answer for one that is no plain file, or is in
/// parts. Reads the file once, which is much less than a program of git's does to list it.
bool may_hold_links(const std::filesystem::path& index);

}  // namespace changeling::git
