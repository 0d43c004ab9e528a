#pragma once

#include "cli/context.hpp"
#include "forge/retry.hpp"
#include "forge/select.hpp"

namespace changeling::cli {

/// Which forge the repository's configuration and remote ask for, with `kind` in place of changeling.forge
/// unless it is empty. Throws as forge::choose_forge.
forge::ForgeChoice forge_choice(Context& context, const std::string& kind = "");

/// How requests to a forge are repeated; a wait ends with Error(Interrupted) when a signal asks to stop.
forge::RetryPolicy forge_patience(const Interruption& interruption);

}  // namespace changeling::cli
