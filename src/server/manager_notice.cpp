#include "server/manager_notice.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstring>

#include "support/file_descriptor.hpp"

namespace changeling::server {
namespace {

long long number_in(const Environment& environment, std::string_view name) {
  const std::string text = environment.get(name).value_or("");
  long long number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Both variables name the process that they are for.
bool is_for_us(const Environment& environment, std::string_view name) {
  const long long process = number_in(environment, name);
  return process == 0 || process == ::getpid();
}

}  // namespace

ManagerNotice::ManagerNotice(const Environment& environment)
    : socket_(environment.get("NOTIFY_SOCKET").value_or("")) {
  if (is_for_us(environment, "WATCHDOG_PID"))
    watchdog_step_ = std::chrono::duration_cast<Duration>(
        std::chrono::microseconds(number_in(environment, "WATCHDOG_USEC")) / 2);
  if (number_in(environment, "LISTEN_PID") == ::getpid())
    sockets_ = static_cast<int>(number_in(environment, "LISTEN_FDS"));
}

Environment without_manager(Environment environment) {
  for (const char* name :
       {"NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
    environment.unset(name);
  return environment;
}

void ManagerNotice::tell(std::string_view state) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  // A name in the abstract namespace is written with an @ for its zero byte.
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
  const FileDescriptor datagram(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  [[maybe_unused]] const auto sent = ::sendto(datagram.get(), state.data(), state.size(), MSG_NOSIGNAL,
                                              reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace changeling::server
