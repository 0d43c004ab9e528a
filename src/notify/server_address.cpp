#include "notify/server_address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "http/loopback.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::notify {
namespace {

[[noreturn]] void refuse(std::string_view text, std::string_view schemes) {
  // What stands before an @ may be a password.
  const auto at = text.rfind('@');
  const std::string_view shown = at == std::string_view::npos ? text : text.substr(at + 1);
  throw Error(ErrorKind::Invalid,
              fmt::format("'{}' is no address of a server ({})", shortened(shown), schemes));
}

std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t place = 0; place < text.size(); ++place) {
    unsigned byte = 0;
    const char* const digits = text.data() + place + 1;
    if (text[place] == '%' && place + 2 < text.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      result += static_cast<char>(byte);
      place += 2;
    } else {
      result += text[place];
    }
  }
  return result;
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char letter) { return letter > ' ' && letter < 0x7f; });
}

bool is_among(std::string_view scheme, std::string_view schemes) {
  for (const std::string& one : split(schemes, ',')) {
    if (trim(one) == scheme) return true;
  }
  return false;
}

}  // namespace

ServerAddress parse_server_address(std::string_view text, std::string_view schemes) {
  const auto mark = text.find("://");
  if (mark == std::string_view::npos || !is_plain(text)) refuse(text, schemes);
  ServerAddress address;
  address.scheme = to_lower(text.substr(0, mark));
  if (!is_among(address.scheme, schemes)) refuse(text, schemes);
  const std::string_view rest = text.substr(mark + 3);
  std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const std::string_view path = rest.substr(authority.size());
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    if (authority.substr(0, at).find(':') != std::string_view::npos) {
      throw Error(
          ErrorKind::Invalid, "a password stands in the address",
          "leave it out, and let one of git's credential helpers keep it (git help credential-store)");
    }
    address.user = decoded(authority.substr(0, at));
    authority.remove_prefix(at + 1);
  }
  if (authority.empty()) refuse(text, schemes);
  address.host = authority;
  address.url = fmt::format("{}://{}{}", address.scheme, authority, path);
  return address;
}

bool is_on_this_machine(const ServerAddress& address) {
  std::string_view host = address.host;
  if (const auto port = host.rfind(':'); port != std::string_view::npos && host.find(']', port) == host.npos)
    host = host.substr(0, port);
  return http::is_loopback(host);
}

}  // namespace changeling::notify
