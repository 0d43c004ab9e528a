#include "store/stale_lock.hpp"

#include <sys/stat.h>

#include <chrono>
#include <optional>
#include <thread>

#include "git/locked_reference.hpp"

namespace changeling::store {
namespace {

constexpr auto stale_after = std::chrono::seconds(3);
constexpr auto poll = std::chrono::milliseconds(20);

struct FileIdentity {
  ino_t inode;
  timespec modified;

  bool operator==(const FileIdentity& other) const {
    return inode == other.inode && modified.tv_sec == other.modified.tv_sec &&
           modified.tv_nsec == other.modified.tv_nsec;
  }
};

std::optional<FileIdentity> identity(const std::filesystem::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return FileIdentity{status.st_ino, status.st_mtim};
}

}  // namespace

git::SwapResult swap_unless_locked(git::Repository& repository, const std::string& reference,
                                   const std::optional<git::ObjectId>& expected, const git::ObjectId& desired,
                                   const std::string& log_message) {
  try {
    return repository.compare_and_swap(reference, expected, desired, log_message);
  } catch (const git::LockedReference&) {
    return git::SwapResult::Moved;
  }
}

void wait_out_reference_lock(const std::filesystem::path& lock_file) {
  const auto first = identity(lock_file);
  const auto deadline = std::chrono::steady_clock::now() + stale_after;
  while (first && identity(lock_file) == first) {
    if (std::chrono::steady_clock::now() > deadline) {
      std::error_code gone;
      std::filesystem::remove(lock_file, gone);
      return;
    }
    std::this_thread::sleep_for(poll);
  }
}

}  // namespace changeling::store
