#pragma once

#include <nlohmann/json_fwd.hpp>

#include "project/project.hpp"
#include "project/setting.hpp"
#include "project/setting_values.hpp"

namespace changeling::view {

/// One setting; `found` is null where nobody has set it. `only_here` says why the service does not change it.
nlohmann::json to_json(const project::Setting& setting, const project::SettingValues* found);
/// All of them as `config list` has them, with those that mean nothing at the end.
nlohmann::json settings_json(project::Project& project);

}  // namespace changeling::view
