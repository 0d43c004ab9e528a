#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace changeling::forge {

/// The number of a pull request as people copy it: "1", "#1" as lists show it, or "local:1", which is the URL
/// that the local forge gives. Nothing for anything else.
std::optional<std::int64_t> parse_pull_request_number(std::string_view word);

}  // namespace changeling::forge
