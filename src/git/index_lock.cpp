#include "git/index_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

constexpr auto patience = std::chrono::seconds(1);
constexpr auto between_attempts = std::chrono::milliseconds(20);
constexpr std::string_view copy_suffix = ".changeling-";
constexpr std::string_view mark = "git-changeling holds this lock\n";

bool is_ours(const fs::path& lock) {
  return read_regular_file(lock, mark.size() + 1) == mark;
}

/// Whether the lock could be made. It appears with its mark in one step where the file system has links.
bool make(const fs::path& lock) {
  const fs::path marked = lock.string() + "." + random_id(8);
  write_file(marked, mark);
  const bool linked = ::link(marked.c_str(), lock.c_str()) == 0;
  const int error = linked ? 0 : errno;
  std::error_code ignored;
  if (linked || error == EEXIST) {
    fs::remove(marked, ignored);
    return linked;
  }
  const int file = ::open(lock.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) {
    ::close(file);
    fs::rename(marked, lock);
    return true;
  }
  const int reason = errno;
  fs::remove(marked, ignored);
  if (reason == EEXIST) return false;
  throw Error(ErrorKind::Io, fmt::format("could not make {}: {}", lock.string(), std::strerror(reason)));
}

}  // namespace

IndexLock::IndexLock(const fs::path& git_directory)
    : index_(fs::weakly_canonical(git_directory / "index")), lock_(index_.string() + ".lock") {
  remove_remains(git_directory);
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!make(lock_)) {
    if (std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(between_attempts);
      continue;
    }
    const fs::path held = std::exchange(lock_, fs::path());
    throw Error(ErrorKind::Conflict,
                fmt::format("another git command is at work in this work tree: {} exists", held.string()),
                fmt::format("nothing was changed; wait until it has ended, or if none runs: rm {}",
                            shell_quote(held.string())));
  }
}

IndexLock::IndexLock(IndexLock&& other) noexcept
    : index_(other.index_), lock_(std::exchange(other.lock_, fs::path())) {}

IndexLock::~IndexLock() {
  std::error_code ignored;
  if (!lock_.empty()) fs::remove(lock_, ignored);
}

void IndexLock::remove_remains(const fs::path& git_directory) {
  const fs::path index = fs::weakly_canonical(git_directory / "index");
  const fs::path lock = index.string() + ".lock";
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(index.parent_path(), ignored)) {
    const std::string name = entry.path().filename().string();
    const bool is_mark = name.starts_with("index.lock.") && is_ours(entry.path());
    if (is_mark || name.starts_with("index" + std::string(copy_suffix))) fs::remove(entry.path(), ignored);
  }
  if (is_ours(lock)) fs::remove(lock, ignored);
}

fs::path IndexLock::copy(const std::string& name) const {
  const fs::path to = index_.string() + std::string(copy_suffix) + name;
  std::error_code ignored;
  fs::remove(to.string() + ".lock", ignored);
  fs::copy_file(index_, to, fs::copy_options::overwrite_existing);
  // git tells by the time of the index which files it must read again.
  fs::last_write_time(to, fs::last_write_time(index_));
  return to;
}

void IndexLock::replace_by(const fs::path& prepared) const {
  fs::rename(prepared, index_);
}

}  // namespace changeling::git
