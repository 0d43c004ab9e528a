#pragma once

#include <string>
#include <string_view>

namespace changeling::cli {

/// A pull request's Markdown as people read it at a terminal: without HTML comments, and without the tags and
/// references to characters (&lt;) that compose_body() writes for a page. What stands in code stays as it is,
/// and so does other HTML. Ends with a newline.
std::string readable_body(std::string_view body);

}  // namespace changeling::cli
