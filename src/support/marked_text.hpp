#pragma once

#include <string>
#include <string_view>

namespace changeling {

/// Text of others for a prompt: lines and tabs stay, and nothing else of what commands a terminal or is not
/// to be seen.
std::string plain_text(std::string_view text);
/// The same on one line, of at most `most` letters.
std::string plain_line(std::string_view text, std::size_t most);

/// A mark with a random part that does not occur in `data`: "TASK-…".
std::string new_mark(std::string_view kind, std::string_view data);

/// The text between two lines with the mark, below the sentence that tells an agent what stands there: data
/// that cannot change its rules. `data` ends with a line break.
std::string between_marks(std::string_view mark, std::string_view data);

}  // namespace changeling
