#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hooks/hook_places.hpp"

namespace changeling::hooks {

enum class HookState {
  Installed,
  Missing,      ///< Our lines are not where git or the other program would run them.
  Stale,        ///< They are there, but not as this program writes them, or not taken over yet.
  Unreachable,  ///< They are there, but git does not get to them.
};

std::string_view to_string(HookState state);

struct HookHealth {
  HookState state = HookState::Missing;
  std::string reason;  ///< What is wrong and what to do, for all but Installed.
};

/// Throws, before anything is written, what install_hook would: Error(Refused) for a symbolic link, which
/// leads to a file that others may use as well, Error(Conflict) for a file that cannot be kept beside.
void check_hook_place(const HookSurroundings& surroundings, const HookPlace& place);

/// Puts our lines where they belong; whatever is there goes on working as before. Not for Configuration.
/// Returns the files that were written, none when all was as it should be.
std::vector<std::filesystem::path> install_hook(const HookSurroundings& surroundings, const HookPlace& place);

/// Takes our lines out of the file and restores what was there before, byte by byte and with its mode.
/// Returns whether there was anything. Throws Error(Conflict) when the file was changed so that this cannot
/// be done.
bool uninstall_hook(const std::filesystem::path& file);

/// Not for Configuration.
HookHealth inspect_hook(const HookSurroundings& surroundings, const HookPlace& place);

/// The name under which a hook is kept that is not a shell script.
std::filesystem::path kept_original(const std::filesystem::path& hook);

}  // namespace changeling::hooks
