#include "server/access/cookie.hpp"

#include <fmt/format.h>

#include "support/text.hpp"

namespace changeling::server::access {

std::string cookie_name(int port) {
  return port == 0 ? "changeling" : fmt::format("changeling_{}", port);
}

std::vector<std::string> cookie_values(std::string_view header, std::string_view name) {
  std::vector<std::string> values;
  for (const std::string& part : split(header, ';')) {
    const std::string_view pair = trim(part);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name)
      values.emplace_back(pair.substr(equals + 1));
  }
  return values;
}

std::string set_cookie(std::string_view name, std::string_view value, Channel channel, Duration lifetime) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime).count();
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", name, value, seconds,
                     channel == Channel::Tls ? "; Secure" : "");
}

}  // namespace changeling::server::access
