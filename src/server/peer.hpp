#pragma once

#include <sys/socket.h>

#include <string>

namespace changeling::server {

/// Whose connection it is: the numeric address without its port, or "unix". An IPv4 address that came over
/// IPv6 is written as IPv4.
std::string peer_name(const sockaddr_storage& address);

}  // namespace changeling::server
