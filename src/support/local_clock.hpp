#pragma once

#include <ctime>
#include <optional>
#include <string>

#include "support/clock.hpp"

namespace changeling {

/// The zone that the environment names for this process in TZ (tzset(3)), without the ':' before it. Empty is
/// UTC; nothing is the machine's own.
std::optional<std::string> time_zone_of_environment();

/// A moment as this machine's clock shows it.
std::tm local_calendar(Timestamp moment);
/// When the day of the calendar begins by this machine's clock; only its date is looked at.
Timestamp midnight_of(std::tm day);
/// When a day ("2026-11-20") begins by this machine's clock, as TZ has it. Throws Error(Invalid) for what is
/// no day.
Timestamp beginning_of_day(const std::string& day);

}  // namespace changeling
