#pragma once

#include <string>

#include "cli/command.hpp"
#include "cli/context.hpp"

namespace changeling::cli {

/// `disable --all`: no run begins any more, and those under way stop, here at once and on every other machine
/// after its next sync.
Answer switch_everything_off(Context& context, const std::string& reason);
/// `enable --all`. What is switched off on this machine only is told, and left to the user.
Answer switch_everything_on(Context& context);

}  // namespace changeling::cli
