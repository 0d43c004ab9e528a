#pragma once

#include <string_view>

#include "support/environment.hpp"

namespace changeling::cli {

/// For tests that cut a run off at a known place: with CHANGELING_TRACE=1 every step is named on standard
/// error right before it starts.
void trace_step(const Environment& environment, std::string_view step);

}  // namespace changeling::cli
