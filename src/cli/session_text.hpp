#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "work/session.hpp"

namespace changeling::cli {

/// The workers of this machine, after what killed ones left has been taken up.
std::vector<work::SessionRecord> load_sessions(Context& context);

/// A line for each that is alive, and for those that failed.
std::string sessions_text(const std::vector<work::SessionRecord>& sessions, const Terminal& terminal,
                          Timestamp now);

}  // namespace changeling::cli
