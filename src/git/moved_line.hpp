#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace changeling::git {

/// Where a line of one version of a file, counted from 1, lies in another version; nothing when it was
/// changed or removed there.
std::optional<std::int64_t> moved_line(std::string_view before, std::string_view after, std::int64_t line);

}  // namespace changeling::git
