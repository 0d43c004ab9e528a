#pragma once

#include <span>
#include <string_view>

namespace changeling::cli {

/// Whether a command, by its path in the table, is for people alone: it approves, schedules, installs,
/// deploys, accepts, rejects or takes back, or writes what decides about that. Inside a run it is refused.
bool is_refused_in_runs(std::string_view path);

/// Sorted; what documentation and tests go by.
std::span<const std::string_view> commands_refused_in_runs();

}  // namespace changeling::cli
