#pragma once

#include <map>
#include <string>
#include <string_view>

#include "server/message.hpp"

namespace changeling::server {

/// A request before its body is read.
struct RequestHead {
  std::string method;
  std::string path;                          ///< Decoded, begins with "/".
  std::map<std::string, std::string> query;  ///< Decoded.
  Headers headers;
  bool several_hosts = false;  ///< "Host" came more than once.
  bool is_http_1_0 = false;    ///< Which needs no "Host".
  std::string peer;            ///< "127.0.0.1", "::1", or "unix".
};

/// Fills path and query from the request line's target. Throws Error(Invalid) for what is no "/path?query": a
/// missing slash, a % without two digits, a character of control.
void read_target(RequestHead& head, std::string_view target);

}  // namespace changeling::server
