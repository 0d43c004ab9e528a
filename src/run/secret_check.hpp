#pragma once

#include <optional>
#include <string>

#include "project/services.hpp"
#include "run/starting_point.hpp"
#include "secrets/redact.hpp"

namespace changeling::run {

/// Why the work must not leave this machine: one of its commits, or a git-lfs object of
/// theirs, adds a secret. What later commits take away
/// counts as well, because the history is pushed. The sentence names file and line and not the secret.
/// Nothing when all is well. Throws as find_secret().
std::optional<std::string> secret_in_work(const project::Services& services, const StartingPoint& start,
                                          const git::ObjectId& head, const Redactor& redactor);

/// The same of the git-lfs objects alone that are in this repository's store, which secret_in_work() looks at
/// as well.
std::optional<std::string> secret_in_lfs_objects(const project::Services& services, const git::ObjectId& base,
                                                 const git::ObjectId& head, const Redactor& redactor);

}  // namespace changeling::run
