#pragma once

#include <string>

#include "cli/context.hpp"
#include "project/trust.hpp"

namespace changeling::cli {

/// What would run, or how that differs from what was approved.
std::string review_text(const project::Standing& standing, const Terminal& terminal);

/// Whether the person at the terminal approves it now, having seen it. Nobody is asked where nobody can
/// answer.
bool approved_now(Context& context, const project::Standing& standing);

}  // namespace changeling::cli
