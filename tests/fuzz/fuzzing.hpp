#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "support/error.hpp"

/// What a fuzz target does with one input. An Error is an answer; every other exception ends the process, and
/// is found.
void take(std::string_view input);

/// Ends the process when it does not hold.
inline void require(bool holds) {
  if (!holds) std::abort();
}

/// What the input begins with up to `end`, which is taken off.
inline std::string_view take_part(std::string_view& input, char end) {
  const auto place = input.find(end);
  const std::string_view part = input.substr(0, place);
  input = place == std::string_view::npos ? std::string_view() : input.substr(place + 1);
  return part;
}

/// The body of libFuzzer's entry: each target has it once.
inline int take_bytes(const std::uint8_t* bytes, std::size_t size) {
  try {
    take(size == 0 ? std::string_view() : std::string_view(reinterpret_cast<const char*>(bytes), size));
  } catch (const changeling::Error&) {
  }
  return 0;
}

#define CHANGELING_FUZZ_TARGET                                                         \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) { \
    return take_bytes(bytes, size);                                                    \
  }
