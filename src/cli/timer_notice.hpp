#pragma once

#include <string>
#include <vector>

#include "cli/changeling_overview.hpp"
#include "cli/context.hpp"

namespace changeling::cli {

/// Why the schedules of this repository start nothing on this machine, as a sentence with what to type: no
/// timer is installed, it does not know the repository, or it has not looked for long. Empty when they do.
std::string timer_problem(Context& context);

/// The same where one of these has a schedule that this machine is to look after; empty otherwise.
std::string timer_problem(Context& context, const std::vector<ChangelingOverview>& overviews);

}  // namespace changeling::cli
