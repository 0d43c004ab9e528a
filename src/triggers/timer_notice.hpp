#pragma once

#include <string>
#include <vector>

#include "project/project.hpp"
#include "triggers/overview.hpp"

namespace changeling::triggers {

/// Why the schedules of this repository start nothing on this machine, as a sentence with what to type: no
/// timer is installed, it does not know the repository, what it belongs to does not run, or it has not looked
/// for long or never. Empty when they do. A tick or two that somebody typed count for nothing.
std::string timer_problem(project::Project& project);

/// The same where one of these has a schedule that this machine is to look after; empty otherwise.
std::string timer_problem(project::Project& project, const std::vector<ChangelingOverview>& overviews);

/// Why a timer that is installed, and whose cron or systemd runs, does not seem to fire; or empty.
std::string silence_of_timer(project::Project& project);

}  // namespace changeling::triggers
