#pragma once

#include "sandbox/walls.hpp"
#include "support/process.hpp"

namespace changeling::sandbox {

/// Where programs inside find what the walls bring along.
inline constexpr const char* inner_folder = "/run/changeling";
/// The word of the command line with which this program does its part inside, see inside.hpp.
inline constexpr const char* inside_word = "__sandbox-inside";

/// The one way in which a command of a run is held: `command` behind the walls. Its environment must be
/// complete. What is said to it by signals reaches it, and it ends with this process and with the one that
/// waits for it.
///
/// Throws Error(NotFound) when its program does not exist, as starting it would.
Command confine(Command command, const Walls& walls);

}  // namespace changeling::sandbox
