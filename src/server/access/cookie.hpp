#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/clock.hpp"

namespace changeling::server::access {

/// Cookies know no ports, so two servers of one machine would overwrite each other's. `port` 0 is that of a
/// Unix socket.
std::string cookie_name(int port);

/// The values of a cookie in a Cookie header (RFC 6265): one that another port of the host has set comes as
/// well.
std::vector<std::string> cookie_values(std::string_view header, std::string_view name);

enum class Channel { Plain, Tls };

/// A Set-Cookie header: no script sees it, no other site's page makes a browser send it, and where the client
/// speaks TLS it is never sent without. A lifetime of zero takes the cookie away.
std::string set_cookie(std::string_view name, std::string_view value, Channel channel, Duration lifetime);

}  // namespace changeling::server::access
