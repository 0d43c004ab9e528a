#pragma once

#include <string>

namespace changeling::cli {

class CommandTree;
struct CommandLevel;

/// What --help prints: usage, arguments, options, and the commands below, at most 80 columns wide.
std::string help_text(const CommandTree& tree, const CommandLevel& level);

}  // namespace changeling::cli
