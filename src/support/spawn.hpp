#pragma once

#include <sys/types.h>

#include "support/file_descriptor.hpp"
#include "support/process.hpp"

namespace changeling {

/// A process just started, with our ends of its standard streams (none of them blocks; all are absent for
/// Session::Terminal).
struct SpawnedProcess {
  pid_t pid = -1;
  FileDescriptor input;  ///< Absent when the process reads /dev/null.
  FileDescriptor output;
  FileDescriptor error;
};

/// A file without a name that holds `text` and begins at its beginning. Throws Error(Io).
FileDescriptor file_in_memory(const std::string& text);

/// Starts `command`, unless it says otherwise in a session of its own, hence as the leader of a process group
/// of its own and without a controlling terminal: a program that asks for a password fails at once instead of
/// being stopped for reading from the terminal in the background. Signal mask and handlers are the default
/// ones, and no descriptor but the three standard ones and Command::inherited is inherited.
///
/// Returns after the program has been executed. Throws Error(NotFound) when it does not exist or may not be
/// executed, Error(Io) when the working directory cannot be entered or the system has no process to give.
SpawnedProcess spawn(const Command& command, ChildProcess::StandardInput input);

/// With Session::Detached and Session::Group: the standard input is a file that holds command.standard_input,
/// and only the output can be read, in calls that block.
SpawnedProcess spawn_ourselves(const Command& command);

}  // namespace changeling
