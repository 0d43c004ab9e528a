#include "git/object_id.hpp"

#include <fmt/format.h>

#include "support/error.hpp"

namespace changeling::git {

ObjectId ObjectId::from_hex(std::string_view hex) {
  const bool valid = hex.size() == 40 && hex.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (!valid) throw Error(ErrorKind::Invalid, fmt::format("'{}' is not the name of a git object", hex));
  return ObjectId(std::string(hex));
}

}  // namespace changeling::git
