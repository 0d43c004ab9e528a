#pragma once

#include <optional>
#include <string>

#include "support/environment.hpp"

namespace changeling {

/// In a sandbox, which shows a run only its own processes, this folder is there and nowhere else.
inline constexpr const char* run_marker = "/run/changeling";
/// The name of the process that every command of a run is below (comm in proc(5), at most 15 bytes).
inline constexpr const char* keeper_name = "changeling-run";

/// Whether this process is part of a run: its agent, its setup, its checks, or what these have started. The
/// id of the run where CHANGELING_RUN tells it, otherwise "a run". Clearing the environment is not enough to
/// leave one: the sandbox's marker and the processes above this one are looked at as well.
std::optional<std::string> inside_a_run(const Environment& environment);

}  // namespace changeling
