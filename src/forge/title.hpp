#pragma once

#include <string>
#include <string_view>

namespace changeling::forge {

/// One line that GitHub accepts as a title: at most 250 characters, without line ends.
std::string fitting_title(std::string_view title);

/// A short digest of a text, by which it is known later whether people changed it. Line ends of another kind
/// and space at the ends do not matter: GitHub's own editor changes them.
std::string text_mark(std::string_view text);

/// The mark of a title as fitting_title leaves it.
std::string title_mark(std::string_view title);

}  // namespace changeling::forge
