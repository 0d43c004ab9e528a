#pragma once

#include <string>
#include <string_view>

namespace changeling {

/// The UTF-8 text without characters that nobody sees and a program reads: zero-width and invisible ones,
/// those that turn the direction of writing, tags (U+E0000), and variation selectors behind the first.
std::string without_invisible_characters(std::string_view text);

/// As above, and also without what a page of Markdown does not show: HTML comments, and link definitions that
/// are used as comments. Comments inside code stay where it is certain that they are shown.
std::string visible_markdown(std::string_view text);

}  // namespace changeling
