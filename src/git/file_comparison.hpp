#pragma once

#include <filesystem>

namespace changeling::git {

/// What a file is beside the one that is wanted in its place.
enum class FileComparison { Same, Beginning, Missing, BothMissing, Different };

/// Compares kind, content and whether it may be executed; symbolic links by where they lead. Beginning: a
/// file whose bytes are the first ones of the wanted file's. A folder is Different from everything.
FileComparison compare_files(const std::filesystem::path& file, const std::filesystem::path& wanted);

/// Whether a file or link lies where a folder of `path`, inside `folder`, should be: what is reached by that
/// path is another file.
bool lies_beyond_folders(const std::filesystem::path& folder, const std::filesystem::path& path);

}  // namespace changeling::git
