#pragma once

#include "run/steps.hpp"
#include "support/environment.hpp"

namespace changeling::cli {

/// For tests that cut a run off at a known place: with CHANGELING_TRACE=1 every step is named on standard
/// error right before it starts.
void trace_step(const Environment& environment, run::Step step);

}  // namespace changeling::cli
