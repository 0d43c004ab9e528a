#pragma once

#include <string>
#include <string_view>

namespace changeling::git {

/// A unified difference between two texts in git's form, without its first lines about files; empty when they
/// are equal.
std::string text_diff(std::string_view before, std::string_view after);

}  // namespace changeling::git
