#pragma once

#include "secrets/span.hpp"

namespace changeling {

/// Finds the "user:password" of "scheme://user:password@host".
class UrlFinder {
 public:
  std::optional<Span> take(char sign, std::size_t position);
  /// When the text ends here.
  std::optional<Span> found_so_far() const;
  std::size_t held_from() const { return in_authority_ ? begin_ : no_place; }

 private:
  std::size_t mark_ = 0;  ///< How much of "://" the last signs are.
  bool in_authority_ = false;
  std::size_t begin_ = 0;
  std::size_t at_ = 0;  ///< The last '@' in the authority; begin_ without one.
};

}  // namespace changeling
