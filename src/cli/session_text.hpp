#pragma once

#include <string>
#include <vector>

#include "support/terminal.hpp"
#include "work/session.hpp"

namespace changeling::cli {

/// A line for each that is alive, and for those that failed.
std::string sessions_text(const std::vector<work::SessionRecord>& sessions, const Terminal& terminal,
                          Timestamp now);

}  // namespace changeling::cli
