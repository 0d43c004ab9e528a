#pragma once

#include <filesystem>
#include <string>

#include "git/program.hpp"

namespace changeling::work {

/// What working with beads does to this checkout besides the issues, for a person to know: files of bd's that
/// git tracks and that change with every claim, and hooks that bd has taken over. Empty when it is nothing.
std::string beads_footprint(const git::GitProgram& git, const std::filesystem::path& work_tree);

}  // namespace changeling::work
