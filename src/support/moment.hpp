#pragma once

#include <string>
#include <string_view>

#include "support/clock.hpp"

namespace changeling {

/// What an option or a parameter such as --since means: a day (from midnight by this machine's clock), a
/// moment, or how long ago. Throws Error(Usage) naming it.
Timestamp parse_moment(std::string_view option, const std::string& text, Timestamp now);

}  // namespace changeling
