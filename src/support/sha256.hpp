#pragma once

#include <string>
#include <string_view>

namespace changeling {

/// SHA-256 (FIPS 180-4) of the bytes as 64 lower-case hexadecimal digits: for what must withstand an
/// attacker.
std::string sha256_hex(std::string_view bytes);

}  // namespace changeling
