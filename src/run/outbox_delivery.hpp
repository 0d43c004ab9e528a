#pragma once

#include "project/project.hpp"
#include "run/delivery.hpp"

namespace changeling::run {

/// Sends what waits in the outbox and says what came of it; what fails is only said. Without entries nothing
/// is opened that a command would not need otherwise.
OutboxReport send_outbox(project::Project& project, Due due);

}  // namespace changeling::run
