#pragma once

#include <string>

#include "support/clock.hpp"

namespace changeling::deploy {

/// The schedule in the five fields that GitHub and Modal both read: @daily and the like written out, Sunday
/// as 0, blanks as one. Throws Error(Refused) for what only we understand, such as letters that stand for a
/// chosen moment.
std::string plain_cron(const std::string& schedule);

/// The shortest time between two starts, as far as they come within a few days of starts.
Duration shortest_gap(const std::string& plain_cron);

}  // namespace changeling::deploy
