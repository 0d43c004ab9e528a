#pragma once

#include <string>
#include <vector>

#include "support/environment.hpp"

namespace changeling::run {

/// What this user's service keeps in files that a run without walls could read: its bearer token and the
/// secrets of webhooks, of every repository. A file that cannot be read, or that others may read, which the
/// service refuses, adds nothing.
std::vector<std::string> service_secrets(const Environment& environment);

}  // namespace changeling::run
