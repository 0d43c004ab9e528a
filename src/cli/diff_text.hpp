#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "git/repository.hpp"
#include "support/terminal.hpp"

namespace changeling::cli {

/// The diff with git's usual colours.
std::string colored_diff(std::string_view diff, bool color);
/// Like `git diff --stat`: a line per file and a sum.
std::string change_summary(const std::vector<git::FileChange>& changes, const Terminal& terminal);

}  // namespace changeling::cli
