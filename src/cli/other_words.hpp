#pragma once

#include <optional>
#include <string_view>

namespace changeling::cli {

/// The command that does what another tool calls `word` in `group` ("" for the top): "task add" for "create"
/// in "task". For words that are too far apart for the nearest-word rule.
std::optional<std::string_view> word_of_other_tools(std::string_view group, std::string_view word);

}  // namespace changeling::cli
