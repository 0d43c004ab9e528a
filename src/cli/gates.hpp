#pragma once

#include "cli/context.hpp"

namespace changeling::cli {

/// Asks the forge about the checks that tasks wait for, and opens the gates of those that have succeeded,
/// each as an operation of its own; returns whether there were any. What cannot be asked is only said. Asks
/// nothing where no task waits for a check.
bool open_passed_gates(Context& context);

/// As open_passed_gates, but once a minute at most, whichever process asks.
void open_passed_gates_sometimes(Context& context);

}  // namespace changeling::cli
