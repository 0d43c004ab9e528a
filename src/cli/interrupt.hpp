#pragma once

namespace changeling::cli {

/// Catches INT, TERM and HUP from now on, so that a run can end its agent and write its record.
void catch_interrupts();
/// Whether one of them has come.
bool interrupted();

}  // namespace changeling::cli
