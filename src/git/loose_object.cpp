#include "git/loose_object.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>

#include "git/shared_umask.hpp"
#include "support/error.hpp"
#include "support/file_descriptor.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

/// Larger objects are worth the time that compressing takes.
constexpr std::size_t most_stored = 16'384;

std::string zlib_compressed(std::string_view bytes) {
  uLongf size = ::compressBound(bytes.size());
  std::string compressed(size, '\0');
  if (::compress2(reinterpret_cast<Bytef*>(compressed.data()), &size,
                  reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), Z_BEST_SPEED) != Z_OK)
    throw Error(ErrorKind::Internal, "zlib could not compress an object");
  compressed.resize(size);
  return compressed;
}

[[noreturn]] void fail(const fs::path& path) {
  throw Error(ErrorKind::Git, fmt::format("could not write {}: {}", path.string(), std::strerror(errno)));
}

/// A new file beside where the object will lie, under a name that `git gc` cleans up.
FileDescriptor create_temporary(const fs::path& folder, std::string& name) {
  for (int attempt = 0;; ++attempt) {
    name = (folder / "tmp_obj_XXXXXX").string();
    FileDescriptor file(::mkostemp(name.data(), O_CLOEXEC));
    if (file) return file;
    if (errno != ENOENT || attempt > 20) fail(folder);
    if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) fail(folder);
  }
}

/// False when the file or its folder vanished meanwhile, as `git gc --prune=now` deletes what is called like
/// a temporary file, and folders that are empty.
bool write_once(const fs::path& folder, const fs::path& path, std::string_view bytes) {
  std::string temporary;
  const FileDescriptor file = create_temporary(folder, temporary);
  const auto give_up = [&] {
    const int error = errno;
    ::unlink(temporary.c_str());
    errno = error;
    fail(path);
  };
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) give_up();
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fchmod(file.get(), 0444 & ~current_umask()) != 0) give_up();
  if (::rename(temporary.c_str(), path.c_str()) == 0) return true;
  if (errno != ENOENT) give_up();
  return false;
}

constexpr int most_attempts = 20;

}  // namespace

std::string zlib_stored(std::string_view bytes) {
  constexpr std::size_t most_in_block = 65'535;
  const uLong checksum = ::adler32(::adler32(0, nullptr, 0), reinterpret_cast<const Bytef*>(bytes.data()),
                                   static_cast<uInt>(bytes.size()));
  std::string stream = "\x78\x01";
  stream.reserve(bytes.size() + 16);
  do {
    const std::string_view block = bytes.substr(0, most_in_block);
    bytes.remove_prefix(block.size());
    const std::size_t length = block.size();
    stream += bytes.empty() ? '\1' : '\0';  // Whether this is the last block.
    for (const std::size_t number : {length, ~length}) {
      stream += static_cast<char>(number & 0xFF);
      stream += static_cast<char>((number >> 8) & 0xFF);
    }
    stream += block;
  } while (!bytes.empty());
  for (const unsigned shift : {24U, 16U, 8U, 0U}) stream += static_cast<char>((checksum >> shift) & 0xFF);
  return stream;
}

git_oid write_loose_object(const fs::path& objects, git_object_t type, std::string_view content) {
  git_oid id;
  check(git_odb_hash(&id, content.data(), content.size(), type), "name an object");
  const std::string hex = from_oid(id).hex();
  const fs::path folder = objects / hex.substr(0, 2);
  const fs::path path = folder / hex.substr(2);
  // Touched, so that a running `git gc` does not take it for garbage.
  if (::utimensat(AT_FDCWD, path.c_str(), nullptr, 0) == 0) return id;
  std::string object = fmt::format("{} {}", git_object_type2string(type), content.size());
  object += '\0';
  object += content;
  const std::string bytes = object.size() <= most_stored ? zlib_stored(object) : zlib_compressed(object);
  for (int attempt = 1; !write_once(folder, path, bytes); ++attempt) {
    if (attempt == most_attempts) fail(path);
  }
  return id;
}

}  // namespace changeling::git
