#pragma once

#include <optional>

#include "support/clock.hpp"
#include "support/environment.hpp"

namespace changeling::cli {

/// When this user's tick has run last, in the file last-tick of the user's state folder. Nothing before the
/// first one, or when the file cannot be read.
std::optional<Timestamp> read_last_tick(const Environment& environment);
void write_last_tick(const Environment& environment, Timestamp now);

}  // namespace changeling::cli
