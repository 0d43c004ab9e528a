#include "support/sha256.hpp"

#include <fmt/format.h>

#include <array>

// The digest alone: what OpenSSL 3 has in its place loads configuration and algorithms first, which costs
// more than the digests of a whole command.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

namespace changeling {

std::string sha256_hex(std::string_view bytes) {
  SHA256_CTX state;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_Init(&state);
  SHA256_Update(&state, bytes.data(), bytes.size());
  SHA256_Final(digest.data(), &state);
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace changeling
