#pragma once

#include <string_view>

#include "support/environment.hpp"

namespace changeling::git {

/// Whether git reads the variable and it ties git to one repository, index or operation, or changes what git
/// sees, finds or prints: `git rev-parse --local-env-vars`, the magic of pathspecs, attributes, diffs, traces
/// to standard error. Not so what says how this person's git is set up (git(1), "Environment Variables"):
/// ssh, askpass, proxies and certificates, identities, files of configuration and `git -c`, and not what
/// other programs read (GIT_LFS_SKIP_SMUDGE, Jenkins' GIT_COMMIT).
bool is_repository_variable(std::string_view name, std::string_view value);

/// The variables of `environment` without those, for every program that we start: git hands them to hooks,
/// and what we were told about the repository is no word about what others do in theirs.
Environment without_repository_variables(const Environment& environment);

}  // namespace changeling::git
