#pragma once

#include <string>

namespace changeling::cli {

class CommandTree;
struct CommandLevel;

/// The words in lines of at most 80 columns, each indented; `first_column` is how far the first line has come
/// already.
std::string folded(const std::string& text, std::size_t indent, std::size_t first_column);

/// What --help prints: usage, arguments, options, and the commands below, at most 80 columns wide.
std::string help_text(const CommandTree& tree, const CommandLevel& level);

}  // namespace changeling::cli
