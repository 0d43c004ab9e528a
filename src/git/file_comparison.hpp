#pragma once

#include <filesystem>

namespace changeling::git {

/// What a file is beside the one that is wanted in its place.
enum class FileComparison { Same, Beginning, Missing, BothMissing, Different };

/// Compares kind, content and whether it may be executed; symbolic links by where they lead. Beginning: a
/// file whose bytes are the first ones of the wanted file's. A folder is Different from everything.
FileComparison compare_files(const std::filesystem::path& file, const std::filesystem::path& wanted);

}  // namespace changeling::git
