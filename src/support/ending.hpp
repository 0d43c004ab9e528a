#pragma once

#include <optional>

#include "support/file_descriptor.hpp"

namespace changeling {

/// What a process that waits for a command behind a wrapper writes for those who only see the wrapper: the
/// signal that has ended the command, as decimal digits. Nothing is written for a command that has ended by
/// itself, and by one that could not write.

void write_ending(const FileDescriptor& file, int signal);
/// The signal, from the file's beginning. Nothing when none was written, or something else.
std::optional<int> read_ending(const FileDescriptor& file);

}  // namespace changeling
