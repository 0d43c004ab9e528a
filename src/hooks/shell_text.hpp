#pragma once

#include <string>
#include <string_view>

namespace changeling::hooks {

/// What lies under that name in hooks/ at the top of the source tree: shell that git or a timer runs for us,
/// with `{name}` where something is filled in. The name must exist.
std::string_view shell_text(std::string_view name);

/// The text with `lines` in the place of the line that says ": NAME", which must be there.
std::string with_lines(std::string_view text, std::string_view name, std::string_view lines);

}  // namespace changeling::hooks
