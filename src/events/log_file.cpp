#include "events/log_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "support/error.hpp"

namespace changeling::events {
namespace {

[[noreturn]] void fail(std::string_view action, const std::filesystem::path& path) {
  throw Error(ErrorKind::Io, fmt::format("could not {} {}: {}", action, path.string(), std::strerror(errno)));
}

struct stat status_of(const FileDescriptor& file, const std::filesystem::path& path) {
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) fail("look at", path);
  return info;
}

}  // namespace

std::optional<std::int64_t> number_of(const std::string& line) {
  constexpr std::string_view prefix = "{\"seq\":";
  if (!line.starts_with(prefix)) return std::nullopt;
  return std::strtoll(line.c_str() + prefix.size(), nullptr, 10);
}

LogFile::LogFile(const std::filesystem::path& path, int flags)
    : path_(path), file_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
  if (!file_ && errno != ENOENT) fail("open", path_);
}

off_t LogFile::size() const {
  return status_of(file_, path_).st_size;
}

bool LogFile::is_current() const {
  struct stat there {};
  return ::stat(path_.c_str(), &there) == 0 && there.st_ino == status_of(file_, path_).st_ino;
}

std::string LogFile::read(off_t from, std::size_t count) const {
  std::string bytes(count, '\0');
  ssize_t got = 0;
  do {
    got = ::pread(file_.get(), bytes.data(), bytes.size(), from);
  } while (got < 0 && errno == EINTR);
  if (got < 0) fail("read", path_);
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

off_t LogFile::line_start(off_t position) const {
  while (position > 0) {
    const auto count = std::min<off_t>(position, static_cast<off_t>(part_size));
    const std::string part = read(position - count, static_cast<std::size_t>(count));
    if (const auto newline = part.rfind('\n'); newline != std::string::npos)
      return position - count + static_cast<off_t>(newline) + 1;
    position -= count;
  }
  return 0;
}

off_t LogFile::find_start(std::int64_t since) const {
  off_t low = 0;  // Everything before is at most `since`.
  off_t high = line_start(size());
  while (low < high) {
    const off_t start = line_start(low + (high - low + 1) / 2);
    const std::string line = read(start, part_size);
    const auto newline = line.find('\n');
    const auto number = number_at(start);
    // A very long or a foreign line: look at the rest one by one.
    if (newline == std::string::npos || !number) return low;
    if (*number <= since) {
      low = start + static_cast<off_t>(newline) + 1;
    } else {
      high = start;
    }
  }
  return low;
}

void LogFile::truncate(off_t size) {
  if (::ftruncate(file_.get(), size) != 0) fail("repair", path_);
}

void LogFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("write", path_);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace changeling::events
