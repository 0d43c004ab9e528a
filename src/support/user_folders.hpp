#pragma once

#include <filesystem>

#include "support/environment.hpp"

namespace changeling {

/// Where this program keeps a user's data: $XDG_DATA_HOME/git-changeling, below ~/.local/share without that.
/// Throws Error(Invalid) when neither variable nor HOME holds an absolute path. Creates nothing.
std::filesystem::path user_data_folder(const Environment& environment);

/// The same for what may be lost: $XDG_STATE_HOME/git-changeling, below ~/.local/state without that.
std::filesystem::path user_state_folder(const Environment& environment);

}  // namespace changeling
