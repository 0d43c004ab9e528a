#pragma once

#include <cstdint>

namespace changeling::store {

/// The number to try for a new pull request, given the highest one and how many there are. Nobody opens as
/// many as would lead to the last number there is; a record that has it, as anybody could write one, must not
/// be the end of all numbers. May be taken then.
constexpr std::int64_t number_after(std::int64_t highest, std::int64_t count) {
  constexpr std::int64_t most_believable = 1'000'000'000;
  return highest < most_believable ? highest + 1 : count + 1;
}

}  // namespace changeling::store
