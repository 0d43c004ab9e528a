#pragma once

#include <string>
#include <vector>

#include "support/terminal.hpp"
#include "triggers/overview.hpp"

namespace changeling::cli {

/// What to type for those that are not trusted; empty when all are.
std::string untrusted_notice(const std::vector<triggers::ChangelingOverview>& overviews,
                             const Terminal& terminal);
/// Why schedules do not start theirs in time, a line for each reason; empty when all do.
std::string held_back_notice(const std::vector<triggers::ChangelingOverview>& overviews);
/// What the agents of the newest runs were refused, and what they moved that was not theirs; empty without.
std::string last_runs_notice(const std::vector<triggers::ChangelingOverview>& overviews);
std::string overviews_table(const std::vector<triggers::ChangelingOverview>& overviews,
                            const Terminal& terminal, Timestamp now);

}  // namespace changeling::cli
