#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace changeling::run {

/// The path that git takes from nobody, out of what it says on standard error: "error: invalid path
/// 'git~1/config'", which other systems would take for a part of .git (core.protectNTFS and core.protectHFS,
/// git-config(1)). Nothing when git says something else.
std::optional<std::string> refused_path(std::string_view error);

/// What failed in the worktree of a run and what to do, for the outcome: `command` is git's, `error` what it
/// said.
std::string why_git_failed(std::string_view command, const std::filesystem::path& worktree,
                           std::string_view error);

}  // namespace changeling::run
