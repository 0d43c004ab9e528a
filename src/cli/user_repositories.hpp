#pragma once

#include <functional>

#include "cli/context.hpp"

namespace changeling::cli {

/// Calls `work` in each of the user's repositories. One in which that fails becomes a warning and keeps the
/// others from nothing.
void in_each_repository(Context& context, const std::function<void(Context&)>& work);

}  // namespace changeling::cli
