#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/repository.hpp"

namespace changeling::run {

/// A sentence when the work changes what decides about runs elsewhere and no glob of the definition's `path`
/// names it, see changeling/protected_paths.hpp. Asked before anything leaves the machine.
std::optional<std::string> protected_change(const std::vector<git::FileChange>& changes,
                                            const std::vector<std::string>& globs);

/// A sentence when the work changes what no glob of the definition's `path` names, where there are some.
std::optional<std::string> change_outside(const std::vector<git::FileChange>& changes,
                                          const std::vector<std::string>& globs);

}  // namespace changeling::run
