#include "git/sha1.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace changeling::git {

void Sha1::add(std::string_view bytes) {
  length_ += bytes.size();
  if (pending_size_ > 0) {
    const std::size_t count = std::min(bytes.size(), pending_.size() - pending_size_);
    std::memcpy(pending_.data() + pending_size_, bytes.data(), count);
    pending_size_ += count;
    bytes.remove_prefix(count);
    if (pending_size_ < pending_.size()) return;
    process_block(pending_.data());
    pending_size_ = 0;
  }
  while (bytes.size() >= pending_.size()) {
    process_block(reinterpret_cast<const unsigned char*>(bytes.data()));
    bytes.remove_prefix(pending_.size());
  }
  if (!bytes.empty()) std::memcpy(pending_.data(), bytes.data(), bytes.size());
  pending_size_ = bytes.size();
}

Sha1::Digest Sha1::finish() {
  const std::uint64_t bits = length_ * 8;
  add(std::string_view("\x80", 1));
  while (pending_size_ != 56) add(std::string_view("\0", 1));
  char length[8];
  for (unsigned index = 0; index < 8; ++index)
    length[index] = static_cast<char>((bits >> (56 - 8 * index)) & 0xFF);
  add(std::string_view(length, sizeof length));
  Digest digest{};
  for (std::size_t index = 0; index < digest.size(); ++index) {
    digest[index] = static_cast<unsigned char>((state_[index / 4] >> (24 - 8 * (index % 4))) & 0xFF);
  }
  return digest;
}

void Sha1::process_block(const unsigned char* block) {
  std::array<std::uint32_t, 80> words;
  for (std::size_t index = 0; index < 16; ++index) {
    const unsigned char* word = block + 4 * index;
    words[index] = std::uint32_t{word[0]} << 24 | std::uint32_t{word[1]} << 16 | std::uint32_t{word[2]} << 8 |
                   std::uint32_t{word[3]};
  }
  for (std::size_t index = 16; index < words.size(); ++index) {
    words[index] = std::rotl(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1);
  }
  std::uint32_t a = state_[0], b = state_[1], c = state_[2], d = state_[3], e = state_[4];
  const auto round = [&](std::uint32_t mixed, std::uint32_t constant, std::uint32_t word) {
    const std::uint32_t next = std::rotl(a, 5) + mixed + e + constant + word;
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  };
  for (std::size_t index = 0; index < 20; ++index) round((b & c) | (~b & d), 0x5A827999, words[index]);
  for (std::size_t index = 20; index < 40; ++index) round(b ^ c ^ d, 0x6ED9EBA1, words[index]);
  for (std::size_t index = 40; index < 60; ++index)
    round((b & c) | (b & d) | (c & d), 0x8F1BBCDC, words[index]);
  for (std::size_t index = 60; index < 80; ++index) round(b ^ c ^ d, 0xCA62C1D6, words[index]);
  state_[0] += a;
  state_[1] += b;
  state_[2] += c;
  state_[3] += d;
  state_[4] += e;
}

}  // namespace changeling::git
