#include "server/access/same_secret.hpp"

#include <string>

#include "support/sha256.hpp"

namespace changeling::server::access {

bool same_secret(std::string_view one, std::string_view other) {
  if (one.empty() || other.empty()) return false;
  const std::string first = sha256_hex(one);
  const std::string second = sha256_hex(other);
  unsigned difference = 0;
  for (std::size_t place = 0; place < first.size(); ++place) {
    difference |= static_cast<unsigned char>(first[place]) ^ static_cast<unsigned char>(second[place]);
  }
  return difference == 0;
}

}  // namespace changeling::server::access
