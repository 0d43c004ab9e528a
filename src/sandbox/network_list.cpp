#include "sandbox/network_list.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "support/text.hpp"

namespace changeling::sandbox {
namespace {

constexpr int http_port = 80;
constexpr int https_port = 443;

int parse_port(std::string_view text) {
  int port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  return whole && port > 0 && port <= 65535 ? port : 0;
}

bool matches(std::string_view host, std::string_view pattern) {
  if (!pattern.starts_with("*.")) return host == pattern;
  const std::string_view parent = pattern.substr(1);
  return host.size() > parent.size() && host.ends_with(parent);
}

bool is_private_v4(const unsigned char* byte) {
  return byte[0] == 0 || byte[0] == 10 || byte[0] == 127 || byte[0] >= 224 ||
         (byte[0] == 100 && (byte[1] & 0xC0U) == 64) || (byte[0] == 169 && byte[1] == 254) ||
         (byte[0] == 172 && (byte[1] & 0xF0U) == 16) || (byte[0] == 192 && byte[1] == 168) ||
         (byte[0] == 192 && byte[1] == 0 && byte[2] == 0) || (byte[0] == 198 && (byte[1] & 0xFEU) == 18);
}

/// Only 2000::/3 is everybody's, and of that not what wraps an address of the other kind.
bool is_private_v6(const unsigned char* byte) {
  if ((byte[0] & 0xE0U) != 0x20U) return true;
  const bool is_6to4 = byte[0] == 0x20 && byte[1] == 0x02;
  const bool is_teredo = byte[0] == 0x20 && byte[1] == 0x01 && byte[2] == 0 && byte[3] == 0;
  return is_6to4 || is_teredo;
}

bool is_loopback(std::string_view address) {
  return address == "::1" || address.starts_with("127.");
}

}  // namespace

Target parse_target(std::string_view authority, int default_port) {
  Target target{"", default_port};
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return {"", 0};
    target.host = to_lower(std::string(authority.substr(1, end - 1)));
    authority.remove_prefix(end + 1);
    if (!authority.empty()) target.port = authority.starts_with(':') ? parse_port(authority.substr(1)) : 0;
    return target;
  }
  const std::size_t colon = authority.find(':');
  target.host = to_lower(std::string(authority.substr(0, colon)));
  if (target.host.ends_with('.')) target.host.pop_back();
  if (colon != std::string_view::npos) target.port = parse_port(authority.substr(colon + 1));
  return target;
}

bool is_listed(const Target& target, const std::vector<std::string>& list) {
  if (target.host.empty() || target.port == 0) return false;
  return std::any_of(list.begin(), list.end(), [&](const std::string& entry) {
    const Target pattern = parse_target(entry, 0);
    const bool port_fits = pattern.port == 0 ? target.port == http_port || target.port == https_port
                                             : target.port == pattern.port;
    return port_fits && matches(target.host, pattern.host);
  });
}

bool is_private_address(std::string_view text) {
  const std::string address(text);
  unsigned char byte[16] = {};
  if (::inet_pton(AF_INET, address.c_str(), byte) == 1) return is_private_v4(byte);
  if (::inet_pton(AF_INET6, address.c_str(), byte) != 1) return true;
  constexpr unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (std::memcmp(byte, mapped, sizeof mapped) == 0) return is_private_v4(byte + 12);
  return is_private_v6(byte);
}

bool may_lead_to(const Target& target, std::string_view address, const std::vector<std::string>& list) {
  if (!is_private_address(address)) return true;
  if (target.host == "localhost" && is_loopback(address)) return true;
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& entry) { return parse_target(entry, 0).host == address; });
}

}  // namespace changeling::sandbox
