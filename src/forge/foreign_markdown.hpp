#pragma once

#include <string>
#include <string_view>

namespace changeling::forge {

/// Markdown that an agent wrote, as it may stand in a text of ours on a forge. Headings, lists, emphasis,
/// code, tables and links stay. What reaches beyond the text does not:
///   - "@name" becomes "@ name", so that nobody is told; an address keeps it as "%40", and code as it is
///   - HTML and comments are shown as they are written: neither hides what follows nor speaks for a marker
///   - an image becomes a link: a forge would fetch it when the page is opened
///   - a code block that does not end is ended, so that what follows is no part of it
///   - numeric character references are shown as they are written: they would hide any of the above
/// and what nobody sees is removed, control characters are written out. Code is left alone only where it is
/// certain that a page shows it as code. Closing words: see closing_words.hpp.
std::string harmless_markdown(std::string_view text);

/// A line of plain text, such as a commit's subject, in which nobody is mentioned.
std::string without_mentions(std::string_view line);

}  // namespace changeling::forge
