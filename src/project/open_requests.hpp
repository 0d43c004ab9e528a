#pragma once

#include <cstdint>

#include "project/project.hpp"

namespace changeling::project {

/// The number of the only open request, for commands that name none. Throws Error(NotFound) when there is
/// none, and Error(Usage) with their numbers when there are several.
std::int64_t only_open_request(Project& project);

/// Fetches the branches of open requests of the local forge that the remote has and that are not here, or
/// older. What cannot be fetched is said, and fails nothing.
void fetch_request_branches(Project& project);

}  // namespace changeling::project
