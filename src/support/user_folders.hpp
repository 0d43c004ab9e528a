#pragma once

#include <filesystem>
#include <optional>

#include "support/environment.hpp"

namespace changeling {

/// The folders of the XDG Base Directory Specification 0.8 that this program has a place in.
enum class UserFolder {
  Config,  ///< $XDG_CONFIG_HOME, else ~/.config: what the user writes.
  Data,    ///< $XDG_DATA_HOME, else ~/.local/share: what must not be lost.
  State,   ///< $XDG_STATE_HOME, else ~/.local/state: what may be lost.
};

/// This program's place there, ".../git-changeling". A relative path in a variable is ignored, as the
/// specification asks. Nothing when neither the variable nor HOME tells.
std::optional<std::filesystem::path> find_user_folder(const Environment& environment, UserFolder folder);

/// As above. Throws Error(Invalid) with the hint to set HOME.
std::filesystem::path user_folder(const Environment& environment, UserFolder folder);

}  // namespace changeling
