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

}  // namespace changeling
