#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changeling {

std::vector<std::string> split(std::string_view text, char separator);
/// Without a trailing newline on each; a final newline adds no empty line.
std::vector<std::string> split_lines(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string_view trim(std::string_view text);
std::string to_lower(std::string_view text);

/// The candidate with the smallest edit distance to `word`, if it is near enough to be a typo of it
/// (git's own rule of thumb: at most a third of the letters differ).
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

/// Replaces `{name}` for every name that `value` knows and leaves other braces alone.
std::string expand_placeholders(std::string_view text,
                                const std::vector<std::pair<std::string, std::string>>& values);

/// At most `limit` bytes from the end, cut at a line start where possible and never inside a UTF-8 character.
std::string last_part(std::string_view text, std::size_t limit);

/// How long the text is without the beginning of a character at its end, whose other bytes are still to come.
std::size_t whole_characters(std::string_view text);

/// The text with every byte that is not valid UTF-8 replaced by U+FFFD, so that it can go into JSON.
std::string valid_utf8(std::string_view text);

/// A value in one line: line ends and tabs become spaces, and what nobody would see is written out, see
/// shown_as_text. What agents, servers and records say must neither break a line nor command the terminal.
std::string without_controls(std::string_view text);

/// A value as a message quotes it: at most `most` letters without controls, "…" for the rest.
std::string shortened(std::string_view value, std::size_t most = 60);

/// At most `most` letters (characters of UTF-8) of a text, "…" for the rest.
std::string first_letters(std::string text, std::size_t most);

/// Random letters and digits without look-alikes (no 0 o 1 i l u), all lower case.
/// Bits come from the operating system (getrandom).
std::string random_id(std::size_t length);

}  // namespace changeling
