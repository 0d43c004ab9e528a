#include "sandbox/proxy_request.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <memory>

#include "support/text.hpp"

namespace changeling::sandbox {
namespace {

constexpr std::size_t longest_head = 64 * 1024;
constexpr int patience_ms = 30'000;
constexpr std::string_view end_of_head = "\r\n\r\n";

/// A client must not go on with another request on this connection: it could be for another host.
std::string forwarded_headers(std::string_view headers) {
  std::string kept;
  for (std::string_view line : split_lines(headers)) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string name = to_lower(std::string(line.substr(0, line.find(':'))));
    if (line.empty() || name == "connection" || name == "proxy-connection" || name == "proxy-authorization" ||
        name == "keep-alive")
      continue;
    kept += fmt::format("{}\r\n", line);
  }
  return kept + "Connection: close\r\n\r\n";
}

std::string digits_of(const addrinfo& found) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* address =
      found.ai_family == AF_INET
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(found.ai_addr)->sin_addr)
          : static_cast<const void*>(&reinterpret_cast<const sockaddr_in6*>(found.ai_addr)->sin6_addr);
  return ::inet_ntop(found.ai_family, address, text.data(), text.size()) == nullptr ? "" : text.data();
}

FileDescriptor connect_to(const addrinfo& found) {
  FileDescriptor made(::socket(found.ai_family, found.ai_socktype | SOCK_CLOEXEC, found.ai_protocol));
  timeval limit{patience_ms / 1000, 0};
  ::setsockopt(made.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (!made || ::connect(made.get(), found.ai_addr, found.ai_addrlen) != 0) return {};
  limit = {};
  ::setsockopt(made.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  return made;
}

}  // namespace

std::optional<ProxyRequest> parse_request(std::string_view head, std::string_view rest) {
  const std::size_t end = head.find("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const auto words = split(head.substr(0, end), ' ');
  if (words.size() != 3 || !words[2].starts_with("HTTP/1.")) return std::nullopt;
  if (words[0] == "CONNECT") return ProxyRequest{parse_target(words[1], 0), true, std::string(rest)};
  constexpr std::string_view scheme = "http://";
  if (!to_lower(words[1]).starts_with(scheme)) return std::nullopt;
  const std::string_view place = std::string_view(words[1]).substr(scheme.size());
  const std::size_t slash = place.find_first_of("/?#");
  const std::string_view authority = place.substr(0, slash);
  if (authority.find('@') != std::string_view::npos) return std::nullopt;
  std::string path = slash == std::string_view::npos ? "/" : std::string(place.substr(slash));
  if (!path.starts_with('/')) path.insert(path.begin(), '/');
  return ProxyRequest{parse_target(authority, 80), false,
                      fmt::format("{} {} {}\r\n{}{}", words[0], path, words[2],
                                  forwarded_headers(head.substr(end + 2)), rest)};
}

std::optional<ProxyRequest> read_request(const FileDescriptor& client) {
  std::string read;
  std::array<char, 16384> buffer;
  for (;;) {
    if (const std::size_t end = read.find(end_of_head); end != std::string::npos) {
      const std::string_view all = read;
      return parse_request(all.substr(0, end + 2), all.substr(end + end_of_head.size()));
    }
    pollfd watched{client.get(), POLLIN, 0};
    if (read.size() > longest_head || ::poll(&watched, 1, patience_ms) <= 0) return std::nullopt;
    const ssize_t count = ::read(client.get(), buffer.data(), buffer.size());
    if (count <= 0) return std::nullopt;
    read.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

Reached reach(const Target& target, const std::vector<std::string>& list) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  if (::getaddrinfo(target.host.c_str(), std::to_string(target.port).c_str(), &wanted, &first) != 0)
    return {};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(first, &::freeaddrinfo);
  Reached reached;
  reached.only_private = true;
  for (const addrinfo* one = first; one != nullptr; one = one->ai_next) {
    // Connected to is the address that was looked at, not the name once more.
    if (!may_lead_to(target, digits_of(*one), list)) continue;
    reached.only_private = false;
    if ((reached.socket = connect_to(*one))) break;
  }
  return reached;
}

}  // namespace changeling::sandbox
