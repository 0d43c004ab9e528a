#pragma once

#include <string>

#include "project/project.hpp"

namespace changeling::project {

/// The command that packs in the background, see declarations.hpp.
inline const std::string pack_word = "__pack";

/// After something was written: starts packing in the background when many small objects have gathered
/// (changeling.autopack). Nothing that goes wrong there is an error of the command.
void tidy_up(Project& project);

}  // namespace changeling::project
