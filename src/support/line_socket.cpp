#include "support/line_socket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_line = 1 << 20;
constexpr int backlog = 16;

/// The address of a path. A socket's address has room for 107 bytes only, so the folder is named by a
/// descriptor.
class Address {
 public:
  explicit Address(const fs::path& path) {
    address_.sun_family = AF_UNIX;
    if (store(path.string())) return;
    folder_ = FileDescriptor(::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    valid_ = folder_ && store(fmt::format("/proc/self/fd/{}/{}", folder_.get(), path.filename().string()));
  }

  /// False when the folder cannot be opened or the name itself is too long.
  bool valid() const { return valid_; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t size() const { return sizeof address_; }

 private:
  bool store(const std::string& path) {
    if (path.size() >= sizeof address_.sun_path) return false;
    std::memcpy(address_.sun_path, path.c_str(), path.size() + 1);
    return true;
  }

  sockaddr_un address_{};
  FileDescriptor folder_;
  bool valid_ = true;
};

FileDescriptor make_socket() {
  FileDescriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made) throw Error(ErrorKind::Io, fmt::format("could not make a socket: {}", std::strerror(errno)));
  return made;
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK;
}

}  // namespace

std::optional<LineSocket> LineSocket::connect(const fs::path& path) {
  const Address address(path);
  FileDescriptor made = make_socket();
  if (!address.valid() || ::connect(made.get(), address.get(), address.size()) != 0) return std::nullopt;
  return LineSocket(std::move(made));
}

std::vector<std::string> LineSocket::receive() {
  std::array<char, 16384> buffer;
  while (!input_ended_ && !broken_ && received_.size() <= longest_line) {
    const ssize_t count = ::recv(descriptor_.get(), buffer.data(), buffer.size(), 0);
    if (count > 0) {
      received_.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0) {
      input_ended_ = true;
    } else if (errno != EINTR) {
      broken_ = !would_block();
      break;
    }
  }
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (auto end = received_.find('\n'); end != std::string::npos; end = received_.find('\n', start)) {
    lines.push_back(received_.substr(start, end - start));
    start = end + 1;
  }
  received_.erase(0, start);
  broken_ = broken_ || received_.size() > longest_line;
  return lines;
}

void LineSocket::send(std::string_view line) {
  unsent_.append(line);
  unsent_ += '\n';
  flush();
}

void LineSocket::flush() {
  while (!unsent_.empty() && !broken_) {
    const ssize_t count = ::send(descriptor_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      unsent_.erase(0, static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      broken_ = !would_block();
      return;
    }
  }
}

bool LineSocket::gone() const {
  pollfd state{descriptor_.get(), 0, 0};
  return broken_ || (::poll(&state, 1, 0) > 0 && (state.revents & (POLLHUP | POLLERR)) != 0);
}

void LineSocket::wait(std::chrono::milliseconds patience) const {
  const auto events = static_cast<short>(POLLIN | (unsent_.empty() ? 0 : POLLOUT));
  pollfd state{descriptor_.get(), events, 0};
  ::poll(&state, 1, static_cast<int>(std::max<std::chrono::milliseconds::rep>(patience.count(), 0)));
}

LocalListener::LocalListener(const fs::path& path, uid_t user)
    : path_(path), user_(user), descriptor_(make_socket()) {
  create_private_directories(path.parent_path());
  const Address address(path);
  std::error_code missing;
  fs::remove(path, missing);
  // The file takes its mode from the socket, so nobody else can connect even for a moment.
  if (!address.valid() || ::fchmod(descriptor_.get(), 0600) != 0 ||
      ::bind(descriptor_.get(), address.get(), address.size()) != 0 ||
      ::listen(descriptor_.get(), backlog) != 0) {
    throw Error(ErrorKind::Io,
                fmt::format("could not listen at {}: {}", path.string(), std::strerror(errno)));
  }
}

LocalListener::~LocalListener() {
  std::error_code ignored;
  fs::remove(path_, ignored);
}

std::optional<LineSocket> LocalListener::accept() const {
  for (;;) {
    FileDescriptor visitor(::accept4(descriptor_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!visitor) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      return std::nullopt;
    }
    ucred peer{};
    socklen_t size = sizeof peer;
    const bool known = ::getsockopt(visitor.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    if (known && peer.uid == user_) return LineSocket(std::move(visitor));
  }
}

}  // namespace changeling
