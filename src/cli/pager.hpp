#pragma once

#include <string_view>

namespace changeling::cli {

class Context;

/// Prints text for people: through the user's pager (GIT_PAGER, core.pager, PAGER, less, in this order) when
/// standard output is a terminal that it does not fit on, otherwise as it is.
void show_text(std::string_view text, Context& context);

}  // namespace changeling::cli
