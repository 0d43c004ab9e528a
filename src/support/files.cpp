#include "support/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <set>
#include <thread>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

namespace fs = std::filesystem;

/// Of those that this program, or the user, writes for it to read again.
constexpr std::size_t longest_file = 256U * 1024 * 1024;

/// A file in the place of a folder on the way also means that there is no such file, and so does the end of
/// the process whose file below /proc was opened a moment ago.
bool is_missing(int error) {
  return error == ENOENT || error == ENOTDIR || error == ESRCH;
}

[[noreturn]] void fail(std::string_view action, const fs::path& path, int error) {
  throw Error(is_missing(error) ? ErrorKind::NotFound : ErrorKind::Io,
              fmt::format("could not {} {}: {}", action, path.string(), std::strerror(error)));
}

/// Whether a folder is one that a group works in together, as git makes them with core.sharedRepository: the
/// group may write, and what is made in it gets the folder's group. What is in it is for the group, too.
bool is_shared(const fs::path& folder) {
  struct stat info {};
  const fs::path place = folder.empty() ? fs::path(".") : folder;
  return ::stat(place.c_str(), &info) == 0 && (info.st_mode & S_ISGID) != 0 && (info.st_mode & S_IWGRP) != 0;
}

mode_t file_mode_in(const fs::path& folder) {
  return is_shared(folder) ? 0660 : 0600;
}

int open_lock_file(const fs::path& path) {
  create_private_directories(path.parent_path());
  // Somebody may make or remove it between two looks; a link that leads nowhere is there and cannot be
  // opened.
  for (int tries_left = 100;; --tries_left) {
    int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor >= 0) return descriptor;
    if (errno != ENOENT) fail("open the lock", path, errno);
    descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0 && errno == EEXIST && tries_left > 0) continue;
    if (descriptor < 0) fail("open the lock", path, errno);
    // Not by the mode of open, which the umask narrows.
    ::fchmod(descriptor, file_mode_in(path.parent_path()));
    return descriptor;
  }
}

/// Closes a descriptor on every way out.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

/// Reads to the end, at most `limit` bytes.
std::string read_all(const Descriptor& file, const fs::path& path, std::size_t limit) {
  std::string content;
  char buffer[65536];
  while (content.size() < limit) {
    const ssize_t count = ::read(file.get(), buffer, std::min(sizeof buffer, limit - content.size()));
    if (count == 0) break;
    if (count < 0 && errno != EINTR) fail("read", path, errno);
    if (count > 0) content.append(buffer, static_cast<std::size_t>(count));
  }
  return content;
}

using LinkedFiles = std::set<std::pair<dev_t, ino_t>>;

/// Folder by folder, so that one that vanishes or cannot be read does not hide the rest.
std::uint64_t disk_usage_of(const fs::path& path, LinkedFiles& counted) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return 0;
  if (info.st_nlink > 1 && !S_ISDIR(info.st_mode) && !counted.emplace(info.st_dev, info.st_ino).second)
    return 0;
  std::uint64_t bytes = static_cast<std::uint64_t>(info.st_blocks) * 512;
  if (!S_ISDIR(info.st_mode)) return bytes;
  std::error_code error;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    bytes += disk_usage_of(entry->path(), counted);
  }
  return bytes;
}

/// Whether the path still leads to the open file: who held the lock before may have removed it.
bool is_still_at(const Descriptor& file, const fs::path& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(file.get(), &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

}  // namespace

std::string read_file(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail("read", path, errno);
  return read_all(file, path, std::numeric_limits<std::size_t>::max());
}

std::optional<std::string> read_regular_file(const fs::path& path, std::size_t limit) {
  // O_NONBLOCK: opening a FIFO would wait for somebody who writes to it.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return read_all(file, path, limit);
}

std::optional<std::string> read_file_if_exists(const fs::path& path) {
  // O_NONBLOCK: opening a FIFO would wait for somebody who writes to it.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0 && is_missing(errno)) return std::nullopt;
  if (file.get() < 0) fail("read", path, errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) fail("read", path, errno);
  if (!S_ISREG(info.st_mode))
    throw Error(ErrorKind::Io, fmt::format("could not read {}: it is not a plain file", path.string()));
  if (info.st_size > static_cast<off_t>(longest_file))
    throw Error(ErrorKind::Io, fmt::format("could not read {}: it is larger than 256 MiB", path.string()));
  try {
    return read_all(file, path, longest_file);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::NotFound) return std::nullopt;
    throw;
  }
}

void write_file(const fs::path& path, std::string_view content, Outlives outlives) {
  if (path.has_parent_path()) create_private_directories(path.parent_path());
  const fs::path temporary =
      path.parent_path() / fmt::format(".{}.{}", path.filename().string(), random_id(8));
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0) fail("write", path, errno);
  const auto give_up = [&](int error) {
    ::unlink(temporary.c_str());
    fail("write", path, error);
  };
  ::fchmod(file.get(), file_mode_in(path.parent_path()));
  while (!content.empty()) {
    const ssize_t count = ::write(file.get(), content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) give_up(errno);
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  if (outlives == Outlives::PowerLoss && ::fsync(file.get()) != 0) give_up(errno);
  if (::close(file.release()) != 0) give_up(errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0) give_up(errno);
}

void create_private_directories(const fs::path& path) {
  std::error_code unknown;
  if (path.empty() || fs::is_directory(path, unknown)) return;
  create_private_directories(path.parent_path());
  if (::mkdir(path.c_str(), 0700) != 0) {
    if (errno != EEXIST) fail("create", path, errno);
    return;
  }
  if (is_shared(path.parent_path())) ::chmod(path.c_str(), S_ISGID | 0770);
}

std::uint64_t disk_usage(const fs::path& path) {
  LinkedFiles counted;
  return disk_usage_of(path, counted);
}

std::optional<FileLock> FileLock::try_acquire(const fs::path& path) {
  for (;;) {
    Descriptor file(open_lock_file(path));
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) fail("lock", path, errno);
      return std::nullopt;
    }
    // A lock on a file that is no longer there would keep nobody out.
    if (is_still_at(file, path)) return FileLock(file.release());
  }
}

std::optional<FileLock> FileLock::acquire(const fs::path& path, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  Descriptor file(open_lock_file(path));
  // flock cannot wait with a limit. What is locked is mostly done within a millisecond, so the pauses are
  // short; they grow a little so that a crowd does not spend its time looking.
  auto pause = std::chrono::microseconds(50);
  for (;;) {
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return FileLock(file.release());
    if (errno != EWOULDBLOCK && errno != EINTR) fail("lock", path, errno);
    if (std::chrono::steady_clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(1'600));
  }
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool is_locked(const fs::path& path) {
  // Read only, so that asking is no change to whoever watches the file.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  // One that may not be opened is somebody else's in a shared repository: only they can tell that it is free.
  if (file.get() < 0) return errno == EACCES;
  return ::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace changeling
