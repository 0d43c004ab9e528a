#pragma once

#include <string>
#include <vector>

#include "support/environment.hpp"

namespace changeling::cli {

/// Git folders that this user has registered, sorted; see $XDG_DATA_HOME/git-changeling/repositories.
std::vector<std::string> registered_repositories(const Environment& environment);

}  // namespace changeling::cli
