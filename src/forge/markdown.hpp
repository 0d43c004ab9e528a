#pragma once

#include <string>
#include <string_view>

namespace changeling::forge {

// Foreign text inside the Markdown that is sent to a forge.

/// The text with the start of every HTML comment made harmless: an agent must neither speak in the name of
/// another changeling, whose marker is a comment, nor hide what follows.
std::string without_comments(std::string_view markdown);

/// Code inside a line; the fence is longer than any run of backticks within.
std::string inline_code(std::string_view code);
/// Code in a block of its own, which ends with a newline.
std::string code_block(std::string_view code);

/// At most `limit` bytes from the start, never inside a UTF-8 character.
std::string_view first_part(std::string_view text, std::size_t limit);

}  // namespace changeling::forge
