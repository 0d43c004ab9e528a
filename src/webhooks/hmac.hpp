#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace changeling::webhooks {

/// The 32 bytes of an HMAC-SHA256 (RFC 2104, FIPS 180-4).
using Mac = std::array<unsigned char, 32>;

/// Over the parts, one behind the other, as they are.
Mac hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts);

std::string hex_of(const Mac& mac);     ///< 64 lower-case digits.
std::string base64_of(const Mac& mac);  ///< RFC 4648, with padding.
/// The bytes of base64 with padding; nothing for anything else.
std::optional<std::string> bytes_of_base64(std::string_view text);
std::string base64_of_bytes(std::string_view bytes);

/// Whether both are the same. How long it takes depends on their lengths alone.
bool same_bytes(std::string_view one, std::string_view other);

}  // namespace changeling::webhooks
