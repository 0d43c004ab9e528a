#include "webhooks/hmac.hpp"

#include <fmt/format.h>

#include <algorithm>

// The digest alone, as in support/sha256.cpp.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace changeling::webhooks {
namespace {

constexpr std::size_t block_size = 64;
using Block = std::array<unsigned char, block_size>;

Mac sha256(std::initializer_list<std::string_view> parts) {
  SHA256_CTX state;
  SHA256_Init(&state);
  for (const std::string_view part : parts) SHA256_Update(&state, part.data(), part.size());
  Mac digest{};
  SHA256_Final(digest.data(), &state);
  return digest;
}

Block padded(std::string_view key) {
  Block block{};
  if (key.size() > block_size) {
    const Mac digest = sha256({key});
    std::copy(digest.begin(), digest.end(), block.begin());
  } else {
    std::copy(key.begin(), key.end(), block.begin());
  }
  return block;
}

Block mixed(Block block, unsigned char with) {
  for (unsigned char& byte : block) byte = static_cast<unsigned char>(byte ^ with);
  return block;
}

std::string_view view_of(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

Mac hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts) {
  constexpr unsigned char inner_pad = 0x36;
  constexpr unsigned char outer_pad = 0x5C;
  const Block block = padded(key);
  const Block inner = mixed(block, inner_pad);
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, inner.data(), inner.size());
  for (const std::string_view part : parts) SHA256_Update(&state, part.data(), part.size());
  Mac digest{};
  SHA256_Final(digest.data(), &state);
  const Block outer = mixed(block, outer_pad);
  return sha256({view_of(outer.data(), outer.size()), view_of(digest.data(), digest.size())});
}

std::string hex_of(const Mac& mac) {
  std::string text;
  for (const unsigned char byte : mac) text += fmt::format("{:02x}", byte);
  return text;
}

std::string base64_of_bytes(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string base64_of(const Mac& mac) {
  return base64_of_bytes(view_of(mac.data(), mac.size()));
}

std::optional<std::string> bytes_of_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  // Spaces around it and bits behind its end are read, too, but are no base64.
  if (base64_of_bytes(bytes) != text) return std::nullopt;
  return bytes;
}

bool same_bytes(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace changeling::webhooks
