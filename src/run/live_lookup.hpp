#pragma once

#include <optional>

#include "project/project.hpp"
#include "run/live_client.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// Throws Error(Refused) when the run was started on another machine or in another clone.
void require_local(project::Project& project, const store::RunRecord& run);

/// Connects to the process that leads the run. Nothing when the run has ended, which is said on standard
/// error; `run` is then the newest record. Throws Error(Unavailable) when the leader has no open ear.
std::optional<run::LiveClient> connect_to_run(project::Project& project, store::RunRecord& run);

}  // namespace changeling::run
