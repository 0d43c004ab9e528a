#include "git/pack_index.hpp"

#include <algorithm>

namespace changeling::git {
namespace {

/// Offsets from here on lie in the second table, and the first one holds their place there.
constexpr std::uint64_t large_offset = 0x80000000;

void append_bytes(std::string& to, const unsigned char* bytes, std::size_t count) {
  to.append(reinterpret_cast<const char*>(bytes), count);
}

}  // namespace

void append_number(std::string& to, std::uint32_t number) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) to += static_cast<char>((number >> shift) & 0xFF);
}

std::string pack_index(std::vector<PackedObject> objects, const Sha1::Digest& pack_checksum) {
  std::sort(objects.begin(), objects.end(), [](const PackedObject& one, const PackedObject& two) {
    return git_oid_cmp(&one.id, &two.id) < 0;
  });
  std::string index = "\377tOc";
  index.reserve(2048 + objects.size() * 28);
  append_number(index, 2);
  std::uint32_t count = 0;
  auto object = objects.begin();
  for (unsigned first_byte = 0; first_byte < 256; ++first_byte) {
    for (; object != objects.end() && object->id.id[0] == first_byte; ++object) ++count;
    append_number(index, count);
  }
  for (const PackedObject& packed : objects) append_bytes(index, packed.id.id, GIT_OID_RAWSZ);
  for (const PackedObject& packed : objects) append_number(index, packed.checksum);
  std::vector<std::uint64_t> large;
  for (const PackedObject& packed : objects) {
    if (packed.offset < large_offset) {
      append_number(index, static_cast<std::uint32_t>(packed.offset));
    } else {
      append_number(index, static_cast<std::uint32_t>(large_offset + large.size()));
      large.push_back(packed.offset);
    }
  }
  for (const std::uint64_t offset : large) {
    append_number(index, static_cast<std::uint32_t>(offset >> 32));
    append_number(index, static_cast<std::uint32_t>(offset & 0xFFFFFFFF));
  }
  append_bytes(index, pack_checksum.data(), pack_checksum.size());
  Sha1 checksum;
  checksum.add(index);
  const Sha1::Digest digest = checksum.finish();
  append_bytes(index, digest.data(), digest.size());
  return index;
}

}  // namespace changeling::git
