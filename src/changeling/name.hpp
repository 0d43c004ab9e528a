#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changeling {

/// Longest name in bytes: it becomes part of branch names, file names and unit names.
inline constexpr std::size_t longest_name = 64;

/// What keeps `word` from being one component of a reference (git-check-ref-format(1), without "/"), in words
/// that follow the name; nothing when it can be one.
std::optional<std::string> reference_component_problem(std::string_view word);

/// What keeps `word` from being the name of a sub-agent or a skill, in words that follow the name: agents
/// take small letters, digits and single hyphens between them (Agent Skills, "name").
std::optional<std::string> helper_name_problem(std::string_view word);
/// Throws Error(Invalid) for one that helper_name_problem() objects to; `what` is "skill" or "sub-agent".
void check_helper_name(std::string_view what, std::string_view name);

}  // namespace changeling
