#pragma once

#include "project/project.hpp"

namespace changeling::work {

/// Asks the forge about the checks that tasks wait for, and opens the gates of those that have succeeded,
/// each as an operation of its own; returns whether there were any. What cannot be asked is only said. Asks
/// nothing where no task waits for a check.
bool open_passed_gates(project::Project& project);

/// As open_passed_gates, but once a minute at most, whichever process asks.
void open_passed_gates_sometimes(project::Project& project);

}  // namespace changeling::work
