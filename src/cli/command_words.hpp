#pragma once

#include <string>
#include <vector>

namespace changeling::cli {

class CommandTree;
struct CommandLevel;

/// Where the words of a command line lead to.
struct ReadWords {
  const CommandLevel* level = nullptr;  ///< A command, a group that holds commands, or the root.
  bool wants_help = false;              ///< What stands behind --help has not been read.
};

/// Reads words as git does, and gives every option of the root and of the command what was said for it: the
/// name of a command counts only before the command is complete, an option takes exactly one value, whatever
/// it looks like, and behind "--" nothing is an option. Throws Error(Usage) for a word that has no place,
/// with the nearest right one or the way to quote it.
ReadWords read_words(CommandTree& tree, const std::vector<std::string>& words);

}  // namespace changeling::cli
