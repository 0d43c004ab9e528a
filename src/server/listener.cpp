#include "server/listener.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "http/loopback.hpp"
#include "server/peer.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::server {
namespace {

namespace fs = std::filesystem;

constexpr int backlog = 1024;
constexpr std::string_view unix_prefix = "unix:";
constexpr const char* forms = "for example 127.0.0.1:8473, [::1]:8473 or unix:/run/user/1000/changeling.sock";

[[noreturn]] void fail(const std::string& where) {
  const auto kind = errno == EADDRINUSE ? ErrorKind::Conflict : ErrorKind::Io;
  const std::string hint =
      errno == EADDRINUSE ? "choose another: git changeling serve --listen 127.0.0.1:0" : "";
  throw Error(kind, fmt::format("could not listen at {}: {}", where, std::strerror(errno)), hint);
}

FileDescriptor make_socket(int family) {
  FileDescriptor made(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made) throw Error(ErrorKind::Io, fmt::format("could not make a socket: {}", std::strerror(errno)));
  return made;
}

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

template <typename Kind>
Address address_from(const Kind& kind) {
  Address address;
  std::memcpy(&address.storage, &kind, sizeof kind);
  address.size = sizeof kind;
  return address;
}

Address address_of(const TcpPlace& place) {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(static_cast<std::uint16_t>(place.port));
  if (::inet_pton(AF_INET, place.host.c_str(), &four.sin_addr) == 1) return address_from(four);
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(static_cast<std::uint16_t>(place.port));
  if (::inet_pton(AF_INET6, place.host.c_str(), &six.sin6_addr) == 1) return address_from(six);
  throw Error(ErrorKind::Usage, fmt::format("--listen: '{}' is no address of this machine", place.host),
              forms);
}

Address address_of(const UnixPlace& place) {
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  const std::string path = place.path.string();
  if (path.size() >= sizeof local.sun_path)
    throw Error(ErrorKind::Usage,
                fmt::format("--listen: the path of a socket has at most {} letters, and {} has {}",
                            sizeof local.sun_path - 1, path, path.size()));
  std::memcpy(local.sun_path, path.c_str(), path.size() + 1);
  return address_from(local);
}

Listening listen_at(const TcpPlace& place) {
  const Address address = address_of(place);
  FileDescriptor socket = make_socket(address.storage.ss_family);
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket.get(), address.get(), address.size) != 0 || ::listen(socket.get(), backlog) != 0)
    fail(url_of(place));
  return adopt_listening(socket.get());
}

/// A file that nobody listens behind is left of a server that was killed.
void make_way(const UnixPlace& place, const Address& address) {
  struct stat status {};
  if (::lstat(place.path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode))
    throw Error(ErrorKind::Conflict, fmt::format("{} is there, and is no socket", place.path.string()),
                "choose another path, or remove it");
  const FileDescriptor probe = make_socket(AF_UNIX);
  if (::connect(probe.get(), address.get(), address.size) == 0 || errno == EAGAIN)
    throw Error(ErrorKind::Conflict, fmt::format("a server listens at {} already", place.path.string()),
                "stop it, or choose another path");
  ::unlink(place.path.c_str());
}

Listening listen_at(const UnixPlace& place) {
  const Address address = address_of(place);
  create_private_directories(place.path.parent_path());
  // Two servers that start at once must not both find the file left over.
  fs::path lock_file = place.path;
  lock_file += ".lock";
  const auto lock = FileLock::acquire(lock_file, std::chrono::seconds(5));
  if (!lock)
    throw Error(ErrorKind::Conflict, fmt::format("another server starts at {}", place.path.string()));
  make_way(place, address);
  FileDescriptor socket = make_socket(AF_UNIX);
  // The file takes its mode from the socket, so nobody else can connect even for a moment.
  if (::fchmod(socket.get(), 0600) != 0 || ::bind(socket.get(), address.get(), address.size) != 0 ||
      ::listen(socket.get(), backlog) != 0)
    fail(place.path.string());
  return {std::move(socket), place};
}

int read_port(const std::string& text, const std::string& digits) {
  constexpr int highest = 65535;
  int port = -1;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, problem] = std::from_chars(digits.data(), end, port);
  if (problem != std::errc() || stopped != end || port < 0 || port > highest)
    throw Error(ErrorKind::Usage, fmt::format("--listen: '{}' has no port from 0 to 65535", shortened(text)),
                forms);
  return port;
}

}  // namespace

Place read_place(const std::string& text) {
  if (text.starts_with(unix_prefix)) {
    const fs::path path = text.substr(unix_prefix.size());
    if (path.empty()) throw Error(ErrorKind::Usage, "--listen: unix: needs a path", forms);
    return UnixPlace{fs::absolute(path).lexically_normal()};
  }
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0)
    throw Error(ErrorKind::Usage, fmt::format("--listen: '{}' is no HOST:PORT", shortened(text)), forms);
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (to_lower(host) == "localhost") host = "127.0.0.1";
  TcpPlace place{host, read_port(text, text.substr(colon + 1))};
  static_cast<void>(address_of(place));
  return place;
}

bool is_local(const Place& place) {
  const auto* tcp = std::get_if<TcpPlace>(&place);
  return tcp == nullptr || http::is_loopback(tcp->host);
}

Listening start_listening(const Place& place) {
  return std::visit([](const auto& kind) { return listen_at(kind); }, place);
}

Listening adopt_listening(int descriptor) {
  FileDescriptor socket(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
  Address address;
  address.size = sizeof address.storage;
  if (!socket || ::getsockname(socket.get(), address.get(), &address.size) != 0)
    throw Error(ErrorKind::Io,
                fmt::format("descriptor {} is no socket: {}", descriptor, std::strerror(errno)));
  ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
  if (address.storage.ss_family == AF_UNIX) {
    sockaddr_un local{};
    std::memcpy(&local, &address.storage, sizeof local);
    return {std::move(socket), UnixPlace{local.sun_path}};
  }
  sockaddr_in four{};
  std::memcpy(&four, &address.storage, sizeof four);  // The port lies at the same place in both families.
  return {std::move(socket), TcpPlace{peer_name(address.storage), ntohs(four.sin_port)}};
}

FileDescriptor connect_to(const Place& place) {
  const Address address = std::visit([](const auto& kind) { return address_of(kind); }, place);
  FileDescriptor socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket || ::connect(socket.get(), address.get(), address.size) != 0)
    throw Error(ErrorKind::Unavailable,
                fmt::format("no server answers at {}: {}", url_of(place), std::strerror(errno)),
                "start it: git changeling serve");
  return socket;
}

std::string url_of(const Place& place) {
  if (const auto* local = std::get_if<UnixPlace>(&place)) return "http+unix://" + local->path.string();
  const auto& tcp = std::get<TcpPlace>(place);
  const bool is_six = tcp.host.find(':') != std::string::npos;
  return fmt::format("http://{}{}{}:{}", is_six ? "[" : "", tcp.host, is_six ? "]" : "", tcp.port);
}

}  // namespace changeling::server
