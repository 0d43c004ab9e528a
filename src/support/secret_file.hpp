#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace changeling {

/// A file with secrets: nothing when there is none. Throws Error(Refused), which says what to type, for one
/// that is no plain file, is not this user's, or may be read or written by others.
std::optional<std::string> read_secret_file(const std::filesystem::path& file);

}  // namespace changeling
