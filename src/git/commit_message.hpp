#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace changeling::git {

/// A value as it may stand in a line of a commit message of ours, whoever wrote it: its line ends and
/// whatever a reader would not see are written out, see shown_as_text, and of more than `most` letters only
/// the first stay.
std::string message_line(std::string_view value, std::size_t most);

/// The message of a commit of ours: a subject of at most 250 letters, what `body` says, and a paragraph of
/// trailers in the order given, without those that have no value. Subject and values are one line each.
/// `body` is one paragraph of ours, whose line ends become spaces; it may be empty.
std::string commit_message(std::string_view subject, std::string_view body,
                           const std::vector<std::pair<std::string, std::string>>& trailers);

}  // namespace changeling::git
