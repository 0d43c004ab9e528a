#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "support/file_descriptor.hpp"

namespace changeling {

/// Tells when files of a folder are written, created, replaced or deleted (inotify on the folder, so that it
/// also works before a file exists and for files that are replaced by renaming, such as git's references).
class FolderWatch {
 public:
  /// Only the files with these names count. Creates the folder when it is missing. Throws Error(Io) when the
  /// system has no watch to give.
  FolderWatch(const std::filesystem::path& folder, std::vector<std::string> names);

  /// Waits for the next change, at most `patience`; whether there was one since the last call. A signal that
  /// is handled ends the wait early.
  bool wait(std::chrono::milliseconds patience);

 private:
  bool take_changes();

  std::vector<std::string> names_;
  FileDescriptor notifications_;
};

}  // namespace changeling
