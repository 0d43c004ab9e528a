#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace changeling::server::access {

/// A file with secrets: nothing when there is none. Throws Error(Refused), which says what to type, for one
/// that is no plain file, is not this user's, or may be read or written by others.
std::optional<std::string> read_secret_file(const std::filesystem::path& file);

/// The bearer token in the file; where there is none it is made. Throws as above.
std::string read_or_make_token(const std::filesystem::path& file);

}  // namespace changeling::server::access
