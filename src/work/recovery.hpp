#pragma once

#include <functional>
#include <string_view>

#include "project/project.hpp"
#include "project/services.hpp"
#include "work/session.hpp"
#include "work/task_source.hpp"

namespace changeling::work {

/// Takes up what workers of this machine left when they were killed: first their runs (see
/// run::recover_dead_runs), then their claims. A run that had come to its end is handed in as it ended;
/// every other claim goes back as "killed". Claims of other machines wait for their leases.
///
/// Only sessions of the given source are looked after. Safe to call at any time and from several processes.
void recover_dead_sessions(const project::Services& services, TaskSource& source,
                           const std::function<void(std::string_view)>& on_message);

/// The workers of this machine, after what killed ones left has been taken up.
std::vector<SessionRecord> current_sessions(project::Project& project);

}  // namespace changeling::work
