#pragma once

#include <vector>

#include "changeling/user_file.hpp"
#include "project/project.hpp"

namespace changeling::project {

/// What the user's own file, $XDG_CONFIG_HOME/git-changeling/config.toml, says about this repository, weakest
/// first. Empty without such a file. Throws Error(Invalid) with its place for a mistake in it.
std::vector<UserSettings> read_user_settings(Project& project);

}  // namespace changeling::project
