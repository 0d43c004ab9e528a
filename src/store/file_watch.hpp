#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "support/file_descriptor.hpp"

namespace changeling::store {

/// Tells when a file is written, created, replaced or deleted (inotify on its folder, so that it also works
/// before the file exists and for files that are replaced by renaming, such as git's references).
class FileWatch {
 public:
  /// Creates the folder when it is missing. Throws Error(Io) when the system has no watch to give.
  explicit FileWatch(const std::filesystem::path& file);

  /// Waits for the next change, at most `patience`; whether there was one since the last call.
  bool wait(std::chrono::milliseconds patience);

 private:
  std::string name_;
  FileDescriptor notifications_;
};

}  // namespace changeling::store
