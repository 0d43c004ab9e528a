#include "support/folder_sync.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "support/error.hpp"
#include "support/file_descriptor.hpp"

namespace changeling {

void sync_folder(const std::filesystem::path& path) {
  const FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems have nothing to write there, and say so.
  if (folder && (::fsync(folder.get()) == 0 || errno == EINVAL || errno == EROFS)) return;
  throw Error(ErrorKind::Io, fmt::format("could not keep {}: {}", path.string(), std::strerror(errno)));
}

}  // namespace changeling
