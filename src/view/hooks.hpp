#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "project/hook_installation.hpp"

namespace changeling::view {

/// Shapes of `hooks install`, `uninstall` and `status` (interface.md).
nlohmann::json to_json(const std::vector<project::InstalledHook>& installed);
nlohmann::json to_json(const project::RemovedHooks& removed);
/// `log` is the last lines of the hooks' log.
nlohmann::json to_json(const std::vector<project::HookStanding>& standings,
                       const std::vector<std::string>& log);

}  // namespace changeling::view
