#pragma once

#include <cstdint>

namespace changeling::store {

/// What no run comes near. Larger numbers are mistakes or lies of who reports them, and would spoil every sum
/// that they are part of.
inline constexpr std::int64_t most_turns = 1'000'000;
inline constexpr std::int64_t most_tokens = 1'000'000'000'000;  ///< Of each kind.
inline constexpr double most_usd = 100'000;

}  // namespace changeling::store
