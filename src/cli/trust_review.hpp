#pragma once

#include <string>
#include <string_view>

#include "cli/context.hpp"
#include "project/trust.hpp"

namespace changeling::cli {

/// What would run, or how that differs from what was approved.
std::string review_text(const project::Standing& standing, const Terminal& terminal);

/// Shows it to the person at the terminal and asks, with a question such as "Trust it?". Nobody is asked
/// where nobody can answer; then the answer is no.
bool agrees(Context& context, const project::Standing& standing, std::string_view question);

}  // namespace changeling::cli
