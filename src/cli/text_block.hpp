#pragma once

#include <string>
#include <string_view>

namespace changeling::cli {

/// A text of several lines that somebody else has written, such as a description or a report, each of its
/// lines indented: none of them can be taken for one of ours.
std::string text_block(std::string_view text);

}  // namespace changeling::cli
