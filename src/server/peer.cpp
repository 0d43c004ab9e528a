#include "server/peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

namespace changeling::server {

std::string peer_name(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    ::inet_ntop(AF_INET, &four.sin_addr, text.data(), text.size());
    return text.data();
  }
  if (address.ss_family != AF_INET6) return "unix";
  sockaddr_in6 six{};
  std::memcpy(&six, &address, sizeof six);
  ::inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size());
  constexpr std::string_view mapped = "::ffff:";
  const std::string name = text.data();
  return name.starts_with(mapped) && name.find('.') != std::string::npos ? name.substr(mapped.size()) : name;
}

}  // namespace changeling::server
