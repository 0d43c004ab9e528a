#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "git/handles.hpp"
#include "git/sha1.hpp"

namespace changeling::git {

struct PackedObject {
  git_oid id{};
  std::uint32_t checksum = 0;  ///< CRC-32 of its bytes in the pack.
  std::uint64_t offset = 0;    ///< Where they begin.
};

/// Appends four bytes, most significant first.
void append_number(std::string& to, std::uint32_t number);

/// The bytes of the index of a pack (gitformat-pack, version 2). `pack_checksum` is the pack's last 20 bytes.
std::string pack_index(std::vector<PackedObject> objects, const Sha1::Digest& pack_checksum);

}  // namespace changeling::git
