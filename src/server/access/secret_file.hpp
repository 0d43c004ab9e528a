#pragma once

#include <filesystem>
#include <string>

#include "support/secret_file.hpp"

namespace changeling::server::access {

/// The bearer token in the file; where there is none it is made. Throws as read_secret_file().
std::string read_or_make_token(const std::filesystem::path& file);

}  // namespace changeling::server::access
