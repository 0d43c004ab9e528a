#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace changeling::git {

/// SHA-1 over bytes that come in parts (FIPS 180-4, section 6.1), for the checksums of pack files: libgit2
/// only hashes whole objects. Not for anything that must withstand an attacker.
class Sha1 {
 public:
  using Digest = std::array<unsigned char, 20>;

  void add(std::string_view bytes);
  /// The digest of everything added; the object is used up.
  Digest finish();

 private:
  void process_block(const unsigned char* block);

  std::array<std::uint32_t, 5> state_{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  std::array<unsigned char, 64> pending_{};
  std::size_t pending_size_ = 0;
  std::uint64_t length_ = 0;
};

}  // namespace changeling::git
