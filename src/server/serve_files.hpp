#pragma once

#include <filesystem>

#include "server/listener.hpp"
#include "support/environment.hpp"

namespace changeling::server {

/// The bearer token of this user's servers. Throws Error(Invalid) without a home folder.
std::filesystem::path token_file(const Environment& environment);
/// The sessions of the server that is asked to listen there, which its restart finds again. Empty for a port
/// that the system chooses, which no browser would find again either.
std::filesystem::path sessions_file(const Environment& environment, const Place& asked);

}  // namespace changeling::server
