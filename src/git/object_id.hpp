#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace changeling::git {

/// The name of a git object: 40 lower-case hexadecimal digits (SHA-1 repositories only; see library.hpp).
class ObjectId {
 public:
  /// Throws Error(Invalid) unless `hex` is 40 hexadecimal digits.
  static ObjectId from_hex(std::string_view hex);

  const std::string& hex() const { return hex_; }
  std::string short_hex() const { return hex_.substr(0, 10); }
  auto operator<=>(const ObjectId&) const = default;

 private:
  explicit ObjectId(std::string hex) : hex_(std::move(hex)) {}
  std::string hex_;
};

}  // namespace changeling::git
