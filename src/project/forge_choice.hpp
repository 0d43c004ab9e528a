#pragma once

#include "forge/select.hpp"
#include "http/retry.hpp"
#include "project/project.hpp"

namespace changeling::project {

/// Which forge the repository's configuration and remote ask for, with `kind` in place of changeling.forge
/// unless it is empty. Throws as forge::choose_forge.
forge::ForgeChoice forge_choice(Project& project, const std::string& kind = "");

/// How requests to a forge are repeated; a wait ends with Error(Interrupted) when a signal asks to stop.
http::RetryPolicy forge_patience(const Interruption& interruption);

}  // namespace changeling::project
