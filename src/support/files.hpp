#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace changeling {

/// The whole file. Throws Error(NotFound) or Error(Io) with the path.
std::string read_file(const std::filesystem::path& path);
/// For files that this program, or a user, writes for it to read again: nothing when there is none. Throws
/// Error(Io) for what is no plain file, at once, and for more than 256 MiB.
std::optional<std::string> read_file_if_exists(const std::filesystem::path& path);
/// The beginning of a file that somebody else made: nothing unless it is a plain file and no symbolic link,
/// so that it can neither lead elsewhere nor block. Throws Error(Io) when reading fails.
std::optional<std::string> read_regular_file(const std::filesystem::path& path, std::size_t limit);

/// What a file has to outlive. After a power loss, one that was not written for it may be empty.
enum class Outlives { PowerLoss, Process };

/// Replaces the file in one step (temporary file, fsync if it has to outlive a power loss, rename), mode
/// 0600. Folders are created 0700. In a folder that a group shares (setgid, and the group may write) what is
/// made is the group's, too: 0660, 2770.
void write_file(const std::filesystem::path& path, std::string_view content,
                Outlives outlives = Outlives::PowerLoss);

/// Creates missing folders, each readable by the owner only, or by the group as said for write_file.
void create_private_directories(const std::filesystem::path& path);

/// Bytes of disk below `path` (allocated blocks, hard links once, symbolic links not followed); 0 when it is
/// gone. Unreadable parts are left out.
std::uint64_t disk_usage(const std::filesystem::path& path);

/// An advisory lock (flock) on a file, held until destruction or the end of the process.
class FileLock {
 public:
  /// Nothing when somebody else holds it. Creates the file and its folders. The holder may remove the file.
  static std::optional<FileLock> try_acquire(const std::filesystem::path& path);
  /// Waits at most `patience`; nothing after that.
  static std::optional<FileLock> acquire(const std::filesystem::path& path,
                                         std::chrono::milliseconds patience);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

/// Whether a lock on this file is held by anybody; false when the file does not exist. One that this user may
/// not open counts as held: only those who may can tell that it is free.
bool is_locked(const std::filesystem::path& path);

}  // namespace changeling
