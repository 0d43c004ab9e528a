#pragma once

#include <string_view>

namespace changeling {

/// Whether it is the address of a page, http or https, that can be put between any marks: quotes, angle
/// brackets, a cell of a table. It has none of them, no space, no line end, and no letter beyond ASCII.
bool is_page_address(std::string_view text);

}  // namespace changeling
