#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changeling::hooks {

/// How our lines came into a hook file, so that taking them out leaves what was there before. It is written
/// into the opening line of the block.
enum class BlockKind {
  Added,   ///< Put into a script of the user's.
  Joined,  ///< The same, into a file whose last line had no newline, which we have added.
  Whole,   ///< There was no file.
  Chain,   ///< There was a file that is no shell script, or that git does not run; it is kept beside.
};

/// Our part of a file, from the opening marker's line to that of the closing one.
struct FoundBlock {
  std::size_t begin = 0;
  std::size_t end = 0;
  BlockKind kind = BlockKind::Added;
};

/// The shell lines that decide, without starting a program, whether anything subscribes to the event, and
/// start ours in the background if so. They expect to run where git runs hooks, use no name that does not
/// begin with "changeling_", change no option, keep `$@`, and leave standard input to what follows, also
/// where they have read it.
std::string hook_commands(std::string_view event);

/// hook_commands between our markers.
std::string hook_block(std::string_view event, BlockKind kind);

/// Throws Error(Conflict) when the closing marker is missing.
std::optional<FoundBlock> find_hook_block(std::string_view content);

/// Whether the system, or git itself for a file without "#!", gives the file to a POSIX shell.
bool is_shell_script(std::string_view content);

/// What "#!" names, as the kernel takes it (a carriage return included); nothing without one.
std::optional<std::string> interpreter_of(std::string_view content);

/// The shell script with our block where it is always reached: right after the line with "#!", or first. A
/// block that is there is replaced. Only for is_shell_script.
std::string with_hook_block(std::string_view content, std::string_view event);

/// A file of our own. `original`, when not empty, is the name that a hook which was there has now, in the
/// same folder; it gets arguments, standard input and the last word on the exit code.
std::string own_hook_file(std::string_view event, std::string_view original);

/// What is left of the file without our block. A rest equal to `own_hook_rest()` is a file that we made.
std::string without_hook_block(std::string_view content);
std::string_view own_hook_rest();

}  // namespace changeling::hooks
