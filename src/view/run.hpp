#pragma once

#include <nlohmann/json_fwd.hpp>

#include "project/project.hpp"
#include "store/run_record.hpp"

namespace changeling::view {

/// The record; with `presumed_dead` (project::is_lost), with the questions that its agent has asked, and with
/// its report, when the run made one and it is on this machine.
nlohmann::json to_json(project::Project& project, const store::RunRecord& record);

}  // namespace changeling::view
