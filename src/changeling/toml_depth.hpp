#pragma once

#include <cstddef>
#include <string_view>

namespace changeling {

/// How deep lists, tables and the parts of dotted keys of a TOML text lie inside one another, at most;
/// strings and comments do not count. An upper bound for texts that are no TOML. Its parser descends by
/// recursion.
std::size_t toml_depth(std::string_view text);

}  // namespace changeling
