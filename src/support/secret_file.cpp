#include "support/secret_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw Error(ErrorKind::Refused, fmt::format("{} {}, so what is in it is no secret", file.string(), why),
              fmt::format("remove it, and make a new one: rm {}", file.string()));
}

/// Whether there is one.
bool check(const fs::path& file) {
  struct stat status {};
  if (::lstat(file.c_str(), &status) != 0) {
    if (errno == ENOENT) return false;
    throw Error(ErrorKind::Io, fmt::format("could not look at {}: {}", file.string(), std::strerror(errno)));
  }
  if (!S_ISREG(status.st_mode)) refuse(file, "is no plain file");
  if (status.st_uid != ::geteuid()) refuse(file, "belongs to somebody else");
  if ((status.st_mode & 077U) != 0)
    refuse(file, fmt::format("may be read or written by others (mode {:04o})", status.st_mode & 07777U));
  return true;
}

}  // namespace

std::optional<std::string> read_secret_file(const fs::path& file) {
  if (!check(file)) return std::nullopt;
  return read_file(file);
}

}  // namespace changeling
