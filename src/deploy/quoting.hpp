#pragma once

#include <string>
#include <string_view>

namespace changeling::deploy {

/// A double-quoted YAML scalar (YAML 1.2, 7.3.1) that is read back as exactly this text; bytes that are not
/// UTF-8 become U+FFFD. What GitHub would take for an expression is written so that it stands for itself.
std::string yaml_text(std::string_view text);

/// A Python string literal for exactly this text; bytes that are not UTF-8 become U+FFFD.
std::string python_text(std::string_view text);

/// Each line that is not empty with so many blanks before it.
std::string indented(std::string_view text, std::size_t blanks);

}  // namespace changeling::deploy
