#pragma once

#include <string_view>

#include "cli/context.hpp"

namespace changeling::cli {

/// Whether somebody is there to be asked: a terminal to read from and one to ask on, and no --json.
bool can_ask(const Context& context);
/// Asks "QUESTION [y/N]" on standard error. Only "y" and "yes" agree; the end of the input does not.
bool confirmed(std::string_view question);

}  // namespace changeling::cli
