#pragma once

#include <filesystem>
#include <string_view>

#include "git/handles.hpp"

namespace changeling::git {

/// Writes an object as a file of its own below `objects` and returns its name. libgit2 can do this, too, but
/// looks through the packs before and sets up a compressor for each object: three times the cost for records
/// and trees, which are small. Those are stored uncompressed; they take up the same number of disk blocks,
/// and `git gc` compresses what stays.
git_oid write_loose_object(const std::filesystem::path& objects, git_object_t type, std::string_view content);

/// The bytes in the zlib format (RFC 1950) without compression.
std::string zlib_stored(std::string_view bytes);

}  // namespace changeling::git
