#pragma once

#include <optional>

#include "support/error.hpp"

namespace changeling::testing {

/// What the call throws, if it throws an Error.
template <typename Call>
std::optional<Error> error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace changeling::testing
