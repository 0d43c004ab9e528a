#pragma once

#include <string>

namespace changeling::project {

/// What this machine is called; "unknown" when it does not say.
std::string host_name();

}  // namespace changeling::project
