#pragma once

#include <optional>
#include <string>

#include "support/clock.hpp"

namespace changeling {

/// The zone that the environment names for this process in TZ (tzset(3)), without the ':' before it. Empty is
/// UTC; nothing is the machine's own.
std::optional<std::string> time_zone_of_environment();

/// When a day ("2026-11-20") begins by this machine's clock, as TZ has it. Throws Error(Invalid) for what is
/// no day.
Timestamp beginning_of_day(const std::string& day);

}  // namespace changeling
