#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace changeling::sandbox {

/// A host and port that somebody wants to reach.
struct Target {
  std::string host;  ///< A name in lower case without a dot at its end, or an address without brackets.
  int port = 0;
};

/// "host:443" or "[::1]:443" taken apart; port 0 when it is none.
Target parse_target(std::string_view authority, int default_port);

/// Whether the list lets the name through: "host" itself, "*.host" everything below it, on the ports of HTTP;
/// with
/// ":port" on that one. An address is let through where it stands in the list as it is.
bool is_listed(const Target& target, const std::vector<std::string>& list);

/// Whether an address, in digits, is the machine's own or of a network that is not everybody's: loopback,
/// link-local, private (RFC 1918, RFC 4193, RFC 6598), multicast, unspecified. What is no address counts as
/// one.
bool is_private_address(std::string_view address);

/// Whether a listed name may lead to `address`: to a private one only when the list has that, too, or when
/// the name is the machine's own ("localhost").
bool may_lead_to(const Target& target, std::string_view address, const std::vector<std::string>& list);

}  // namespace changeling::sandbox
