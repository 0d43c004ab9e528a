#pragma once

#include <string>
#include <string_view>

#include "server/message.hpp"

namespace changeling::server::api {

/// Bodies up to this many bytes are sent as they are.
inline constexpr std::size_t smallest_compressed = 1024;

/// Whether the client takes gzip (RFC 9110, 12.5.3).
bool takes_gzip(std::string_view accept_encoding);
/// The bytes as gzip (RFC 1952). Throws Error(Internal).
std::string gzip(std::string_view bytes);

/// Compresses a body that is worth it for a client that takes it, and gives it its own entity tag.
void compress(const Headers& request, Response& response);

}  // namespace changeling::server::api
