#pragma once

#include <string>

#include "cli/context.hpp"

namespace changeling::cli {

/// The command that packs in the background, see declarations.hpp.
inline const std::string pack_word = "__pack";

/// After something was written: starts packing in the background when many small objects have gathered
/// (changeling.autopack). Nothing that goes wrong there is an error of the command.
void tidy_up(Context& context);

}  // namespace changeling::cli
