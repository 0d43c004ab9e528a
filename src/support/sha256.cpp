#include "support/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "support/error.hpp"

namespace changeling {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw Error(ErrorKind::Internal, "the system's cryptographic library has no SHA-256");
  std::string text;
  for (unsigned int index = 0; index < size; ++index) text += fmt::format("{:02x}", digest[index]);
  return text;
}

}  // namespace changeling
