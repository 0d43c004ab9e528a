#pragma once

#include <cstddef>
#include <optional>

namespace changeling {

/// Part of a text: [begin, end).
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Behind every place in a text.
inline constexpr std::size_t no_place = static_cast<std::size_t>(-1);

// A finder takes a text sign by sign and says which part of what it has taken is a secret, as soon as that is
// certain; of a secret without a certain end it says so again with each sign. `held_from` is where a secret
// may have begun about which it is not certain yet, or `no_place`. All are linear in the text.

}  // namespace changeling
