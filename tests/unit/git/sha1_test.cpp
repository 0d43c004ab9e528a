#include "git/sha1.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace changeling::git;

namespace {

std::string hex_of(const Sha1::Digest& digest) {
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

std::string sha1(std::string_view text) {
  Sha1 hash;
  hash.add(text);
  return hex_of(hash.finish());
}

}  // namespace

TEST_CASE("SHA-1 gives the digests of FIPS 180") {
  CHECK(sha1("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(sha1("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  CHECK(sha1(std::string(1'000'000, 'a')) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST_CASE("how the bytes are cut into parts does not matter") {
  const std::string text(1000, 'x');
  for (std::size_t part = 1; part < 200; part += 7) {
    Sha1 hash;
    for (std::size_t start = 0; start < text.size(); start += part)
      hash.add(std::string_view(text).substr(start, part));
    CHECK(hex_of(hash.finish()) == sha1(text));
  }
}
