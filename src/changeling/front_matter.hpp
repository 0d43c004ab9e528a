#pragma once

#include <map>
#include <string>
#include <string_view>

namespace changeling {

/// The values at the top level of the YAML front matter of a Markdown file that are text: plain, in quotes,
/// or blocks ("|" and ">"). Others (lists, maps) are left out. Throws Error(Invalid) when the file does not
/// begin with front matter, when that has no end, and when a key is there twice.
std::map<std::string, std::string> read_front_matter(std::string_view markdown);

/// A text as a double-quoted scalar of YAML, which is one line.
std::string yaml_quoted(std::string_view text);

}  // namespace changeling
