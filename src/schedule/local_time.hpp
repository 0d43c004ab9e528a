#pragma once

#include <string>
#include <string_view>

#include "support/clock.hpp"

namespace changeling::schedule {

// For people: what a clock on the wall of a time zone shows.

/// "Sat 21 Nov 03:00".
std::string local_date_and_time(Timestamp time, std::string_view zone);
/// "03:00".
std::string local_time_of_day(Timestamp time, std::string_view zone);
/// "2026-11-21", which also sorts.
std::string local_date(Timestamp time, std::string_view zone);
/// "Saturday, 21 November", for a date as local_date writes it.
std::string describe_date(std::string_view date);

}  // namespace changeling::schedule
