#pragma once

#include <string>

#include "cli/context.hpp"

namespace changeling::cli {

/// Opens an address, http or https, in the person's browser: BROWSER, or on a desktop xdg-open. Returns
/// whether there was one; who has none gets the address printed.
bool open_in_browser(const Context& context, const std::string& address);

}  // namespace changeling::cli
