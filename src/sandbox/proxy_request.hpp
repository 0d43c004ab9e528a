#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sandbox/network_list.hpp"
#include "support/file_descriptor.hpp"

namespace changeling::sandbox {

/// What a client asks a proxy for (RFC 9110, 9.3.6, and RFC 9112, 3.2.2).
struct ProxyRequest {
  Target target;
  bool is_tunnel = false;  ///< CONNECT.
  std::string to_send;     ///< To the target before all that follows.
};

/// The request whose head is `head`, with the empty line; what came behind it is `rest`. Nothing when it is
/// none for a proxy.
std::optional<ProxyRequest> parse_request(std::string_view head, std::string_view rest);
/// Reads one. Nothing when the client sends something else, or nothing for half a minute.
std::optional<ProxyRequest> read_request(const FileDescriptor& client);

/// A connection to the target's first address that may be used and answers.
struct Reached {
  FileDescriptor socket;
  bool only_private = false;  ///< It has addresses, and none of them may be used.
};
Reached reach(const Target& target, const std::vector<std::string>& list);

}  // namespace changeling::sandbox
