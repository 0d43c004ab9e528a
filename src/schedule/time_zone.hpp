#pragma once

#include <string>
#include <string_view>

namespace changeling::schedule {

/// Whether the system's time-zone database knows this IANA name ("Europe/Berlin", "UTC"); "local" is the
/// zone that TZ names, else the machine's own.
bool is_known_time_zone(std::string_view name);
/// A near name for a misspelt one, or "".
std::string suggest_time_zone(std::string_view name);

}  // namespace changeling::schedule
