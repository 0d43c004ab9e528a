#include "sandbox/connection.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "support/error.hpp"

namespace changeling::sandbox {
namespace {

namespace fs = std::filesystem;

constexpr int backlog = 64;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::Io, fmt::format("{}: {}", what, std::strerror(errno)));
}

/// A socket's address has room for 107 bytes only, so the folder is named by a descriptor.
struct Address {
  sockaddr_un address{};
  FileDescriptor folder;

  explicit Address(const fs::path& path)
      : folder(::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    address.sun_family = AF_UNIX;
    const std::string name = fmt::format("/proc/self/fd/{}/{}", folder.get(), path.filename().string());
    if (name.size() < sizeof address.sun_path) std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

/// One way of a conversation. Returns whether more can come.
bool pass_some(const FileDescriptor& from, const FileDescriptor& to) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(from.get(), buffer.data(), buffer.size());
  if (count < 0 && errno == EINTR) return true;
  if (count > 0 && send_all(to, {buffer.data(), static_cast<std::size_t>(count)})) return true;
  ::shutdown(to.get(), SHUT_WR);
  return false;
}

}  // namespace

FileDescriptor listen_at(const fs::path& path) {
  const Address address(path);
  FileDescriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ::unlink(path.c_str());
  if (!made || ::bind(made.get(), address.get(), sizeof address.address) != 0 ||
      ::listen(made.get(), backlog) != 0)
    refuse(fmt::format("cannot listen at {}", path.string()));
  return made;
}

FileDescriptor listen_on_port(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  FileDescriptor made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  ::setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (!made || ::bind(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(made.get(), backlog) != 0)
    refuse(fmt::format("cannot listen on port {}", port));
  return made;
}

FileDescriptor accept_from(const FileDescriptor& listener) {
  for (;;) {
    FileDescriptor one(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (one || (errno != EINTR && errno != ECONNABORTED)) return one;
  }
}

FileDescriptor connect_to(const fs::path& path) {
  const Address address(path);
  FileDescriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!made || ::connect(made.get(), address.get(), sizeof address.address) != 0) return {};
  return made;
}

bool send_all(const FileDescriptor& to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void pass_on(const FileDescriptor& one, const FileDescriptor& other) {
  std::array<pollfd, 2> sides{pollfd{one.get(), POLLIN, 0}, pollfd{other.get(), POLLIN, 0}};
  while (sides[0].fd >= 0 || sides[1].fd >= 0) {
    if (::poll(sides.data(), sides.size(), -1) < 0 && errno != EINTR) return;
    if (sides[0].fd >= 0 && sides[0].revents != 0 && !pass_some(one, other)) sides[0].fd = -1;
    if (sides[1].fd >= 0 && sides[1].revents != 0 && !pass_some(other, one)) sides[1].fd = -1;
    for (pollfd& side : sides) side.revents = 0;
  }
}

}  // namespace changeling::sandbox
