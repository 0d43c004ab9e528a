#pragma once

#include <string>
#include <string_view>

#include "secrets/span.hpp"

namespace changeling {

/// Finds private keys between the lines that begin and end them (RFC 7468, and what ssh and PGP make of it),
/// also inside a JSON string. One without an end ends after 16 KiB, which no key is longer than.
class PrivateKeyFinder {
 public:
  std::optional<Span> take(char sign, std::size_t position);
  std::size_t held_from() const;

 private:
  /// Whether `sign` completes a line "-----WORD … PRIVATE KEY …-----".
  bool completes_line(char sign, std::string_view word);

  bool in_key_ = false;
  std::size_t begin_ = 0;   ///< Of the key, or of the line that may begin one.
  std::size_t dashes_ = 0;  ///< How many of the last signs are dashes.
  std::size_t word_ = 0;    ///< How much of "BEGIN " or "END " stands behind the dashes.
  bool in_label_ = false;
  std::string label_;
  std::size_t last_ = 0;
};

}  // namespace changeling
