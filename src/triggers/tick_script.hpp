#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/environment.hpp"

namespace changeling::triggers {

/// The shell script that cron or systemd runs: sets what a user's shell would have set, and starts `tick`
/// with its output at the end of a log. It says nothing when the program is gone. A file of its own, because
/// cron takes no line of more than 999 characters, which a PATH alone can have.
std::string tick_script(const std::filesystem::path& program, const std::filesystem::path& log,
                        const Environment& environment);

/// What of the environment agents need to be found and to find their files: PATH (its absolute folders, each
/// once), HOME, the language, the XDG folders. Nothing that could be a secret.
std::vector<std::pair<std::string, std::string>> captured_variables(const Environment& environment);

}  // namespace changeling::triggers
