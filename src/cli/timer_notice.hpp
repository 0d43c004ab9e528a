#pragma once

#include <string>
#include <vector>

#include "cli/changeling_overview.hpp"
#include "cli/context.hpp"

namespace changeling::cli {

/// Why the schedules of this repository start nothing on this machine, as a sentence with what to type: no
/// timer is installed, it does not know the repository, what it belongs to does not run, or it has not looked
/// for long or never. Empty when they do. A tick or two that somebody typed count for nothing.
std::string timer_problem(Context& context);

/// The same where one of these has a schedule that this machine is to look after; empty otherwise.
std::string timer_problem(Context& context, const std::vector<ChangelingOverview>& overviews);

/// Why a timer that is installed, and whose cron or systemd runs, does not seem to fire; or empty.
std::string silence_of_timer(Context& context);

}  // namespace changeling::cli
