#include "git/pack_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <unordered_set>

#include "git/pack_index.hpp"
#include "git/sha1.hpp"
#include "git/shared_umask.hpp"
#include "support/error.hpp"
#include "support/file_descriptor.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string_view action, const fs::path& path) {
  throw Error(ErrorKind::Io, fmt::format("could not {} {}: {}", action, path.string(), std::strerror(errno)));
}

void write_all(int descriptor, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

/// One deflate stream used again for every object.
class Compressor {
 public:
  Compressor() {
    // The fastest level: records are small, and a later `git gc` compresses anew.
    if (deflateInit(&stream_, Z_BEST_SPEED) != Z_OK)
      throw Error(ErrorKind::Internal, "zlib could not be started");
  }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
  ~Compressor() { deflateEnd(&stream_); }

  void append(std::string_view bytes, std::string& to) {
    const std::size_t before = to.size();
    deflateReset(&stream_);
    to.resize(before + deflateBound(&stream_, bytes.size()));
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(to.data() + before);
    stream_.avail_out = static_cast<uInt>(to.size() - before);
    if (deflate(&stream_, Z_FINISH) != Z_STREAM_END)
      throw Error(ErrorKind::Internal, "zlib could not compress an object");
    // erase only shrinks, which the compiler cannot see of resize.
    to.erase(to.size() - stream_.avail_out);
  }

 private:
  z_stream stream_{};
};

struct OidHash {
  std::size_t operator()(const git_oid& id) const {
    std::size_t value = 0;
    std::memcpy(&value, id.id, sizeof value);
    return value;
  }
};
struct OidEqual {
  bool operator()(const git_oid& one, const git_oid& two) const { return git_oid_equal(&one, &two) == 1; }
};

/// Type and size in front of a packed object (gitformat-pack: three bits of type, size in groups of seven
/// bits).
void append_header(std::string& to, git_object_t type, std::size_t size) {
  unsigned byte = static_cast<unsigned>(type) << 4 | static_cast<unsigned>(size & 0x0F);
  for (size >>= 4; size > 0; size >>= 7) {
    to += static_cast<char>(byte | 0x80);
    byte = static_cast<unsigned>(size & 0x7F);
  }
  to += static_cast<char>(byte);
}

std::string pack_header(std::uint32_t objects) {
  std::string header = "PACK";
  append_number(header, 2);
  append_number(header, objects);
  return header;
}

/// A file without a name until it gets its place: `git gc --prune=now` deletes everything that is called like
/// a temporary file. Where the file system has no such files it has such a name, so that a forgotten one
/// goes.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& folder)
      : file_(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)), path_(folder) {
    if (file_) return;
    std::string pattern = (folder / "tmp_pack_XXXXXX").string();
    file_ = FileDescriptor(::mkostemp(pattern.data(), O_CLOEXEC));
    path_ = pattern;
    has_name_ = true;
    if (!file_) fail("create", path_);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (has_name_) ::unlink(path_.c_str());
  }
  int descriptor() const { return file_.get(); }
  const fs::path& path() const { return path_; }
  void settle_as(const fs::path& name) {
    if (::fchmod(file_.get(), 0444 & ~current_umask()) != 0 || ::fsync(file_.get()) != 0)
      fail("write", path_);
    if (has_name_) {
      if (::rename(path_.c_str(), name.c_str()) != 0) fail("write", name);
      has_name_ = false;
      return;
    }
    // The same objects make the same pack, which may be there.
    const std::string open_file = fmt::format("/proc/self/fd/{}", file_.get());
    if (::linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0 &&
        errno != EEXIST)
      fail("write", name);
  }

 private:
  FileDescriptor file_;
  fs::path path_;
  bool has_name_ = false;
};

/// A pack with the same objects may be there already, and kept by somebody else: then it is not ours to free.
std::optional<fs::path> make_keeper(const fs::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file) return std::nullopt;
  write_all(file.get(), fmt::format("git-changeling {}\n", ::getpid()), path);
  return path;
}

constexpr std::size_t buffer_limit = 1U << 20U;

}  // namespace

struct PackFile::State {
  explicit State(const fs::path& packs) : folder(packs), file((fs::create_directories(packs), packs)) {
    buffer = pack_header(0);
  }

  git_oid add(git_object_t type, std::string_view content) {
    git_oid id;
    check(git_odb_hash(&id, content.data(), content.size(), type), "name an object");
    if (!known.insert(id).second) return id;
    const std::size_t start = buffer.size();
    append_header(buffer, type, content.size());
    compressor.append(content, buffer);
    const auto checksum = ::crc32(0, reinterpret_cast<const Bytef*>(buffer.data() + start),
                                  static_cast<uInt>(buffer.size() - start));
    objects.push_back({id, static_cast<std::uint32_t>(checksum), written + start});
    if (buffer.size() >= buffer_limit) flush();
    return id;
  }

  void flush() {
    write_all(file.descriptor(), buffer, file.path());
    written += buffer.size();
    buffer.clear();
  }

  /// The number of objects lies at the start and is known at the end, so the checksum needs a second look.
  Sha1::Digest seal() {
    flush();
    const std::string header = pack_header(static_cast<std::uint32_t>(objects.size()));
    if (::pwrite(file.descriptor(), header.data(), header.size(), 0) != static_cast<ssize_t>(header.size()))
      fail("write", file.path());
    Sha1 checksum;
    std::string part(buffer_limit, '\0');
    for (off_t offset = 0;;) {
      const ssize_t count = ::pread(file.descriptor(), part.data(), part.size(), offset);
      if (count < 0) fail("read", file.path());
      if (count == 0) break;
      checksum.add(std::string_view(part).substr(0, static_cast<std::size_t>(count)));
      offset += count;
    }
    const Sha1::Digest digest = checksum.finish();
    write_all(file.descriptor(), {reinterpret_cast<const char*>(digest.data()), digest.size()}, file.path());
    return digest;
  }

  fs::path folder;
  TemporaryFile file;
  Compressor compressor;
  std::string buffer;
  std::uint64_t written = 0;
  std::vector<PackedObject> objects;
  std::unordered_set<git_oid, OidHash, OidEqual> known;
};

PackFile::PackFile(const fs::path& folder) : state_(std::make_unique<State>(folder)) {}
PackFile::PackFile(PackFile&&) noexcept = default;
PackFile::~PackFile() = default;

git_oid PackFile::add(git_object_t type, std::string_view content) {
  return state_->add(type, content);
}

std::optional<fs::path> PackFile::finish(PackKeep keep) {
  if (state_->objects.empty()) return std::nullopt;
  const Sha1::Digest digest = state_->seal();
  git_oid name;
  check(git_oid_fromraw(&name, digest.data()), "name a pack");
  const std::string base = (state_->folder / ("pack-" + from_oid(name).hex())).string();
  TemporaryFile index(state_->folder);
  write_all(index.descriptor(), pack_index(std::move(state_->objects), digest), index.path());
  std::optional<fs::path> keeper;
  // Before the pack: a repack looks for packs, and then for what keeps them.
  if (keep == PackKeep::Yes) keeper = make_keeper(base + ".keep");
  state_->file.settle_as(base + ".pack");
  // Readers look for the index first, so the pack is complete when they find it.
  index.settle_as(base + ".idx");
  return keeper;
}

}  // namespace changeling::git
