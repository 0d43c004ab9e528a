#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "triggers/timer_installation.hpp"

namespace changeling::view {

/// Shapes of `schedule install`, `uninstall` and `status` (interface.md).
nlohmann::json to_json(const triggers::TimerInstalled& installed);
nlohmann::json to_json(const triggers::TimersRemoved& removed);
/// `log` is where the output of `tick` goes.
nlohmann::json to_json(const triggers::TimerStanding& standing, const std::string& log);

}  // namespace changeling::view
