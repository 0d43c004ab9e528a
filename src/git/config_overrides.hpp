#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/environment.hpp"

namespace changeling::git {

/// The settings that `git -c key=value` and its kin hand to the programs git starts: GIT_CONFIG_COUNT with
/// GIT_CONFIG_KEY_n and GIT_CONFIG_VALUE_n, then GIT_CONFIG_PARAMETERS in the quoting of git 2.31 and newer
/// ('key'='value') or older ('key=value'). libgit2 reads neither. Weakest first; keys as given.
std::vector<std::pair<std::string, std::string>> configuration_overrides(const Environment& environment);

/// Section and last part in lower case, the subsection between them as it is: how git compares keys.
std::string normalized_key(const std::string& key);

}  // namespace changeling::git
